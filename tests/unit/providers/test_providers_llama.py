"""A real llama.cpp server: what it can do is found out, what it is sent arrives as meant, and it stops when we do."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from itertools import pairwise
from pathlib import Path
from urllib.request import urlopen

import pytest
from servers.disguise import disguised
from servers.fixtures import StartLlama
from servers.llama import LlamaServer
from servers.wire import Wire

from copilot_lsp.core.budget import seconds
from copilot_lsp.core.document import document
from copilot_lsp.core.errors import ProviderMisconfigured, ProviderRejected, ProviderUnavailable
from copilot_lsp.core.fill import Chunk, FillLimits, FillRequest
from copilot_lsp.core.text import Span, at
from copilot_lsp.providers.backends.openai_compatible import BACKEND
from copilot_lsp.providers.provider import Model, Provider
from copilot_lsp.providers.settings import EndpointSettings
from copilot_lsp.telemetry.metrics import METRICS

Tap = Callable[[int], Awaitable[Wire]]


@asynccontextmanager
async def opened(url: str, **settings: object) -> AsyncGenerator[Provider]:
    provider = BACKEND.open("work", EndpointSettings.model_validate({"url": url, **settings}))
    try:
        yield provider
    finally:
        await provider.close()


def request(text: str, *chunks: Chunk, tokens: int = 8, lines: int = 9) -> FillRequest:
    place = document("", text).end
    return FillRequest(document("file:///a.py", text), Span(place, place), chunks, FillLimits(tokens, lines))


async def model_of(provider: Provider) -> Model:
    (model,) = await provider.models(seconds(20))
    return model


def slot(llama: LlamaServer) -> dict[str, object]:
    with urlopen(f"{llama.url}/slots") as answer:
        return json.load(answer)[0]


def read_so_far(llama: LlamaServer) -> int:
    """Prompt tokens that the server has not had in its cache."""
    with urlopen(f"{llama.url}/metrics") as answer:
        rows = dict(line.rsplit(" ", 1) for line in answer.read().decode().splitlines() if line[0] != "#")
    return int(float(rows["llamacpp:prompt_tokens_total"]))


async def test_it_is_told_from_others_and_what_it_can(llama: LlamaServer) -> None:
    async with opened(llama.url) as provider:
        assert await model_of(provider) == Model(
            "qwen2.5-coder-random", frozenset({"fim", "chat"}), 4096, "qwen", "work", 530176
        )
    async with opened(f"{llama.url}/v1", context=1024, embed_model="qwen2.5-coder-random") as provider:
        model = await model_of(provider)
        assert model.context == 1024
        assert "embed" in model.capabilities


async def test_a_model_without_the_tokens_for_it_does_not_complete(start_llama: StartLlama, plain_model: Path) -> None:
    llama = start_llama(plain_model, name="qwen2.5-coder-unfit", context=2048)
    async with opened(llama.url) as provider:
        model = await model_of(provider)
        assert model.capabilities == {"chat"}
        assert model.context == 2048


async def test_the_family_of_a_model_that_is_called_anything_is_told_by_its_tokens(start_llama: StartLlama) -> None:
    async with opened(start_llama(name="default").url) as provider:
        assert (await model_of(provider)).family == "qwen"
    async with opened(start_llama(name="starcoder2").url) as provider:
        assert (await model_of(provider)).family == "qwen", "what its name says is not what it knows"


async def test_while_one_types_the_server_reads_the_suffix_and_what_is_new(start_llama: StartLlama) -> None:
    llama = start_llama(context=8192)
    above = "".join(f"line {number} of code\n" for number in range(600))
    chunks = [Chunk(f"file:///{number}.py", f"{number}.py", at(0, 0), f"x{number} = 1\n" * 20) for number in range(9)]
    suffix = "\nand what follows\n"
    read = [0]
    async with opened(llama.url, context=8192) as provider:
        model = await model_of(provider)
        for typed in ("", "r", "re", "ret", "retu"):
            text = above + typed + suffix
            place = document("", above + typed).end
            asked = FillRequest(document("file:///a.py", text), Span(place, place), tuple(chunks), FillLimits(2, 9))
            assert [piece async for piece in provider.complete(asked, model, seconds(60, 8192))]
            read.append(read_so_far(llama))
    read = [now - before for before, now in pairwise(read)]
    # Of this model a token is a byte.
    assert read[0] > 2000
    assert max(read[1:]) <= len(suffix) + 32


async def test_a_key_is_needed_where_the_server_wants_one(
    start_llama: StartLlama, monkeypatch: pytest.MonkeyPatch
) -> None:
    llama = start_llama(key="sk-right")
    monkeypatch.setenv("RIGHT", "sk-right")
    monkeypatch.setenv("WRONG", "sk-wrong")
    async with opened(llama.url, api_key_env="RIGHT") as provider:
        model = await model_of(provider)
        assert [piece async for piece in provider.complete(request("x = "), model, seconds(20))]
    for settings in ({}, {"api_key_env": "WRONG"}):
        async with opened(llama.url, **settings) as provider:
            with pytest.raises(ProviderMisconfigured, match=r"set providers\.endpoints\.work\.api_key_env") as caught:
                await provider.models(seconds(20))
            assert "sk-" not in str(caught.value)


async def test_the_prompt_holds_chunks_and_text_and_no_control_tokens_of_the_users(
    llama: LlamaServer, tap: Tap
) -> None:
    """The server's count of prompt tokens shows it: its tokens are bytes, a control token is one."""
    async with opened(llama.url) as provider:
        model = await model_of(provider)

        async def tokens(*arguments: object) -> float:
            before = METRICS.value("tokens_total", model=model.name, direction="in")
            async for _ in provider.complete(request(*arguments), model, seconds(20)):  # pyright: ignore
                pass
            return METRICS.value("tokens_total", model=model.name, direction="in") - before

        bare = await tokens("x = ")
        # It is broken up by a space.
        assert await tokens("x = <|fim_middle|>") == bare + len("<|fim_middle|>") + 1
        chunk = Chunk("file:///b.py", "b.py", at(0, 0), "def f(): ...\n")
        assert await tokens("x = ", chunk) >= bare + len(chunk.path) + len(chunk.text)


async def test_closing_a_stream_closes_the_connection_and_frees_the_slot(llama: LlamaServer, tap: Tap) -> None:
    wire = await tap(llama.port)
    async with opened(wire.url) as provider:
        model = await model_of(provider)
        await provider.models(seconds(20))
        before = len(wire.closed)
        async with aclosing(provider.complete(request("x = ", tokens=3500), model, seconds(20))) as pieces:
            await anext(pieces)
            left = time.monotonic()
        assert await asyncio.wait_for(wire.closes(before + 1), 5) - left < 0.25
        # The server looks for clients that left at each token, and has none of our requests in its slot afterwards.
        await asyncio.sleep(0.3)
        assert not slot(llama)["is_processing"]


async def test_cancelling_before_the_first_token_closes_the_connection(llama: LlamaServer, tap: Tap) -> None:
    wire = await tap(llama.port)
    async with opened(wire.url) as provider:
        model = await model_of(provider)
        before, opened_before = len(wire.closed), wire.opened
        pieces = provider.complete(request("word " * 700), model, seconds(20))
        task = asyncio.ensure_future(anext(pieces))
        await asyncio.sleep(0.01)
        task.cancel()
        left = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert wire.opened >= opened_before
        assert await asyncio.wait_for(wire.closes(before + 1), 5) - left < 0.25


async def test_a_server_killed_in_mid_answer_is_unavailable(start_llama: StartLlama) -> None:
    llama = start_llama()
    async with opened(llama.url) as provider:
        model = await model_of(provider)
        pieces = provider.complete(request("x = ", tokens=3500), model, seconds(20))
        await anext(pieces)
        llama.kill()
        with pytest.raises(ProviderUnavailable, match="broke off the connection; start that server"):
            async for _ in pieces:
                pass
        llama.start()
        assert [piece async for piece in provider.complete(request("x = "), model, seconds(20))]


async def test_a_request_that_it_cannot_do_is_rejected(start_llama: StartLlama, plain_model: Path) -> None:
    llama = start_llama(plain_model)
    async with opened(llama.url) as provider:
        model = await model_of(provider)
        with pytest.raises(ProviderRejected, match="Infill is not supported"):
            await anext(provider.complete(request("x = "), model, seconds(20)))
        with pytest.raises(ProviderRejected, match="501"):
            await provider.embed(["x"], model, seconds(20))


async def test_a_prompt_that_is_too_long_for_the_server_is_cut(start_llama: StartLlama) -> None:
    """Its tokens are bytes, three times as many as we guess; `context` here claims more than there is."""
    llama = start_llama(context=512)
    async with disguised(llama.url) as site, opened(site.url, context=2048) as provider:
        model = await model_of(provider)
        assert [piece async for piece in provider.complete(request("word " * 2000), model, seconds(20))]
        statuses = [len(asked.body["prompt"]) for asked in site.asked if asked.body]
        assert len(statuses) > 1
        assert statuses[-1] < 512


async def test_a_text_that_is_longer_than_the_model_reads_is_cut_for_its_vector(llama: LlamaServer) -> None:
    """The server has room for 512 tokens at once and answers "input is too large" with a status of 500."""
    long = "def area(width, height): return width * height\n" * 40
    async with opened(llama.url) as provider:
        model = await model_of(provider)
        whole, same, other = await provider.embed([long, long[:1_000], "x = 1"], model, seconds(20))
        (short,) = await provider.embed(["x = 1"], model, seconds(20))
    assert whole == pytest.approx(same, abs=1e-4)
    assert other == pytest.approx(short, abs=1e-4)
    assert whole != pytest.approx(other, abs=1e-2)
