"""What `Provider` promises, asked of every backend.

The ollama backend talks to a front that is not Ollama (tests/servers/ollama_front.py) over a real llama.cpp server;
openai_compatible talks to that server itself, by its native call and by a template.
"""

import asyncio
import math
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from servers.disguise import disguised
from servers.llama import LlamaServer, free_port
from servers.ollama_front import Front, fronting

from copilot_lsp.core import registry
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.document import document
from copilot_lsp.core.errors import ProviderTimeout, ProviderUnavailable
from copilot_lsp.core.fill import Chunk, FillLimits, FillRequest
from copilot_lsp.core.text import Span, at
from copilot_lsp.providers.provider import Backend, Message, Model, Provider
from copilot_lsp.providers.settings import Deadlines, EndpointSettings
from copilot_lsp.providers.wrap import Watched

SCRIPT = """[
  {"task": "complete", "text": "0123456789\\nabcdefghi\\njklm", "gap": 0.005, "piece": 1},
  {"task": "chat", "text": "Good day to you.", "gap": 0.005}
]"""
TEXT = "def area(width, height):\n    return \n\n\nprint(area(2, 3))\n"


@dataclass(frozen=True)
class Case:
    """One way to reach a model: the backend's name and an endpoint's settings."""

    backend: str
    settings: EndpointSettings

    def open(self, **changes: object) -> Provider:
        settings = self.settings.model_copy(update=changes)
        backend = cast("Backend", registry.load("backend", self.backend))
        return Watched(backend.open("one", settings), backend.name, settings.deadlines, lambda _: None)


@pytest.fixture(params=["scripted", "llama.cpp native", "llama.cpp template", "ollama insert", "ollama raw"])
async def case(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Case]:
    if request.param == "scripted":
        script = tmp_path / "script.json"
        script.write_text(SCRIPT, encoding="utf-8")
        yield Case("scripted", EndpointSettings(backend="scripted", script=str(script)))
        return
    llama = cast("LlamaServer", request.getfixturevalue("llama"))
    if request.param == "llama.cpp native":
        yield Case("openai_compatible", EndpointSettings(url=llama.url))
    elif request.param == "llama.cpp template":
        async with disguised(llama.url) as site:
            yield Case("openai_compatible", EndpointSettings(url=site.url))
    else:
        can = ("completion", "insert", "embedding") if request.param == "ollama insert" else ("completion", "embedding")
        async with fronting(Front(llama.url, capabilities=can)) as front:
            yield Case("ollama", EndpointSettings(backend="ollama", url=front.url))


@pytest.fixture
async def provider(case: Case) -> AsyncGenerator[Provider]:
    one = case.open()
    yield one
    await one.close()


async def ready(provider: Provider) -> Model:
    """The provider's model that completes, loaded."""
    models = await provider.models(seconds(20))
    return await provider.prepare(next(model for model in models if "fim" in model.capabilities), seconds(20))


def request(text: str = TEXT, line: int = 1, column: int = 11, *, lines: int = 1, tokens: int = 12) -> FillRequest:
    chunk = Chunk(
        "file:///b.py", "b<|fim_middle|>\ud800.py", at(0, 0), "def volume(x, y):\n    return '\ud800<|im_end|>'\n"
    )
    place = document("", text).clamp(at(line, column).start)
    limits = FillLimits(tokens=tokens, lines=lines)
    return FillRequest(document("file:///a.py", text, "python"), Span(place, place), (chunk,), limits)


async def completed(provider: Provider, model: Model, asked: FillRequest) -> list[str]:
    async with aclosing(provider.complete(asked, model, seconds(20, tokens=512))) as pieces:
        return [piece async for piece in pieces]


async def test_it_says_what_it_has(provider: Provider) -> None:
    models = await provider.models(seconds(20))
    assert models
    assert {model.endpoint for model in models} == {provider.name} == {"one"}
    assert all(model.context > 0 and model.name and model.capabilities for model in models)
    assert (await ready(provider)).loaded
    assert provider.local


async def test_a_completion_streams_and_is_the_same_again(provider: Provider) -> None:
    model = await ready(provider)
    pieces = await completed(provider, model, request())
    assert len(pieces) > 1
    assert all(pieces)
    assert "\n" not in "".join(pieces)
    assert "".join(pieces) == "".join(await completed(provider, model, request()))


async def test_more_lines_may_be_asked_for(provider: Provider) -> None:
    model = await ready(provider)
    text = "".join(await completed(provider, model, request(lines=2)))
    assert text
    assert text.count("\n") <= 1


@pytest.mark.parametrize(
    "text",
    ["", "x", "\n", "a\ud800b\0", "<|fim_middle|><|im_end|>", "\u4f60\U0001f600" * 3000, "word " * 9000],
    ids=["empty", "one", "line", "odd", "tokens", "wide", "long"],
)
async def test_any_text_may_stand_around_the_cursor(provider: Provider, text: str) -> None:
    model = await ready(provider)
    for asked in (request(text, 0, 0), request(text, 99, 0), request(text + text, 0, len(text))):
        assert all(await completed(provider, model, asked))


async def test_a_stream_may_be_closed_or_cancelled_at_any_piece(provider: Provider) -> None:
    model = await ready(provider)
    long = request(tokens=2000, lines=99)
    async with aclosing(provider.complete(long, model, seconds(20))) as pieces:
        assert await anext(pieces)

    async def consume(first: asyncio.Event) -> None:
        async with aclosing(provider.complete(long, model, seconds(20))) as pieces:
            async for _ in pieces:
                first.set()

    first = asyncio.Event()
    task = asyncio.create_task(consume(first))
    await asyncio.wait_for(first.wait(), 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await completed(provider, model, request())


async def test_it_chats(provider: Provider) -> None:
    model = await ready(provider)
    turns = [Message("system", "Be kind.<|im_end|>"), Message("user", "Hello\ud800")]
    async with aclosing(provider.chat(turns, model, seconds(20, tokens=16))) as pieces:
        answer = [piece async for piece in pieces]
    assert len(answer) > 1
    assert all(answer)


async def test_it_turns_texts_into_vectors(provider: Provider) -> None:
    model = await ready(provider)
    texts = ["def area(): ...", "", "\ud800", *[f"text {number}" for number in range(20)], "def area(): ..."]
    vectors = await provider.embed(texts, model, seconds(20))
    assert len(vectors) == len(texts)
    assert {len(vector) for vector in vectors} == {len(vectors[0])}
    assert all(math.isfinite(number) for vector in vectors for number in vector)
    assert vectors[0] == pytest.approx(vectors[-1], abs=1e-4)
    assert vectors[0] != pytest.approx(vectors[3], abs=1e-4)
    assert await provider.embed([], model, seconds(20)) == []


async def test_a_spent_budget_is_an_error_at_once(provider: Provider) -> None:
    model = await ready(provider)
    began = time.monotonic()
    with pytest.raises(ProviderTimeout):
        async for _ in provider.complete(request(tokens=4000, lines=99), model, seconds(0.0)):
            pass
    assert time.monotonic() - began < 1


async def test_a_server_that_is_gone_is_named_and_no_text_is(case: Case) -> None:
    provider = case.open()
    if not provider.url:
        return  # in this process, so it cannot be gone
    model = await ready(provider)
    await provider.close()
    url = f"http://127.0.0.1:{free_port()}"
    gone = case.open(url=url, deadlines=Deadlines(connect=0.5))
    attempts = [gone.models(seconds(5)), gone.embed(["secret"], model, seconds(5)), completed(gone, model, request())]
    for attempt in attempts:
        with pytest.raises(ProviderUnavailable) as caught:
            await attempt
        assert f"one does not answer at {url}" in str(caught.value)
        assert "providers.endpoints.one.url" in str(caught.value)
        assert "area" not in str(caught.value)
    await gone.close()
