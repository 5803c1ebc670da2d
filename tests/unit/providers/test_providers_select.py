"""Which model does a task: at the start, when one fails, and when it is back."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

import pytest
from servers import faults
from servers.fixtures import StartLlama
from servers.llama import free_port
from servers.ollama_front import Front
from servers.tiny_http import Asked, Handler, Reply, Site, serving

from copilot_lsp.core.budget import seconds
from copilot_lsp.core.document import document
from copilot_lsp.core.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from copilot_lsp.core.fill import FillLimits, FillRequest
from copilot_lsp.core.text import at
from copilot_lsp.providers import breaker, link
from copilot_lsp.providers.select import Choice, Models
from copilot_lsp.providers.settings import ProviderSettings
from copilot_lsp.telemetry.metrics import METRICS

Serve = Callable[[Handler], Awaitable[Site]]
REQUEST = FillRequest(document("file:///a.py", "x = "), at(0, 4), limits=FillLimits(8, 9))


class Desk:
    """Models with what they said, started and closed by the fixture."""

    def __init__(self, tmp_path: Path) -> None:
        self.said: list[str] = []
        self.models = Models(ProviderSettings())
        self._folder = tmp_path
        self._news = asyncio.Event()

    async def start(self, endpoints: dict[str, dict[str, object]] | None = None, ollama: str = "") -> Models:
        for name, settings in (endpoints or {}).items():
            if "replies" in settings:
                script = self._folder / f"{name}.json"
                script.write_text(json.dumps(settings.pop("replies")), encoding="utf-8")
                settings |= {"backend": "scripted", "script": str(script)}
        settings = ProviderSettings.model_validate({"endpoints": endpoints or {}, "local_ollama": ollama})
        self.models = Models(settings)
        await asyncio.wait_for(self.models.start(), 20)
        self.models.listen(self._hear)
        assert self.said == [self.models.explain]
        self.said.clear()
        return self.models

    async def hears(self, words: str) -> None:
        """Wait until a sentence with these words is said."""
        async with asyncio.timeout(20):
            while not any(words in sentence for sentence in self.said):
                self._news.clear()
                await self._news.wait()

    def _hear(self, sentence: str) -> None:
        self.said.append(sentence)
        self._news.set()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    one = Desk(tmp_path)
    yield one
    await one.models.close()
    assert len(asyncio.all_tasks()) == 1, "a task outlives its owner"


def chosen(models: Models) -> Choice:
    choice = models.choice("complete")
    assert choice
    return choice


async def complete(choice: Choice, within: float = 20) -> str:
    async with aclosing(choice.provider.complete(REQUEST, choice.model, seconds(within))) as pieces:
        return "".join([piece async for piece in pieces])


async def test_nothing_configured_and_no_ollama_leaves_the_embedded_engine(desk: Desk) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    models = await desk.start(ollama=url)
    assert [models.choice(task) for task in ("complete", "chat", "embed")] == [None, None, None]
    assert models.explain == (
        "Completions come from the embedded engine, because no model server is configured and no Ollama answers at "
        f"{url}."
    )
    assert desk.said == []


async def test_not_even_looking_is_possible(desk: Desk) -> None:
    models = await desk.start()
    assert models.explain == "Completions come from the embedded engine, because no model server is configured."


async def test_a_local_ollama_that_can_fill_in_is_found_loaded_and_said(desk: Desk, ollama_front: Front) -> None:
    ollama_front.load_seconds = 0.2
    models = await desk.start(ollama=ollama_front.url)
    assert models.choice("complete") is None
    assert f"is loading {ollama_front.name}" in models.explain
    assert models.choice("chat")
    await desk.hears(
        f"Completions come from {ollama_front.name} of ollama ({ollama_front.url}), because a local Ollama answers"
    )
    assert await complete(chosen(models))
    assert len(desk.said) == 1


async def test_an_ollama_without_a_fitting_model_is_no_use_for_completion(desk: Desk, ollama_front: Front) -> None:
    ollama_front.name, ollama_front.capabilities = "llama3.2:3b", ("completion",)
    models = await desk.start(ollama=ollama_front.url)
    assert models.choice("complete") is None
    assert models.choice("chat")
    assert models.explain == (
        f"Completions come from the embedded engine, because the Ollama at {ollama_front.url} has no model that can "
        "fill in the middle; run `ollama pull qwen2.5-coder:1.5b-base`."
    )


async def test_an_ollama_that_is_started_later_is_found(desk: Desk, ollama_front: Front) -> None:
    port = free_port()
    models = await desk.start(ollama=f"http://127.0.0.1:{port}")
    assert models.choice("complete") is None
    async with serving(ollama_front.answer, port):
        await desk.hears("a local Ollama answers")
        assert chosen(models)


async def test_an_evicted_model_is_loaded_again_and_nobody_waits(desk: Desk, ollama_front: Front) -> None:
    models = await desk.start(ollama=ollama_front.url)
    await desk.hears("a local Ollama")
    choice = chosen(models)
    ollama_front.loaded, ollama_front.load_seconds = False, 0.1
    provider = choice.provider._provider  # pyright: ignore
    provider._answered.clear()  # as if half a minute had passed
    with pytest.raises(ProviderUnavailable, match="not in memory"):
        await complete(choice)
    assert models.choice("complete") is None
    assert "is loading its model" in desk.said.pop()
    desk.said.clear()
    await desk.hears("a local Ollama")
    assert await complete(chosen(models))
    assert ollama_front.aborted == 0


async def test_a_server_killed_in_mid_answer_gives_way_and_comes_back(
    desk: Desk, start_llama: StartLlama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaker, "FIRST_WAIT", 0.2)
    llama = start_llama()
    models = await desk.start({"work": {"url": llama.url}})
    assert f"Completions come from {llama.name} of work ({llama.url}), because it is configured." == models.explain
    choice = chosen(models)
    long = FillRequest(REQUEST.document, REQUEST.span, limits=FillLimits(3500, 999))
    pieces = choice.provider.complete(long, choice.model, seconds(20))
    await anext(pieces)
    llama.kill()
    with pytest.raises(ProviderUnavailable):
        async for _ in pieces:
            pass
    assert models.choice("complete") is None
    async with asyncio.timeout(10):
        while "does not answer" not in models.explain:  # noqa: ASYNC110  (that a probe failed is told to nobody)
            await asyncio.sleep(0.02)
    assert len(desk.said) == 1
    assert "the embedded engine, because work is down and is tried again by itself: work at" in desk.said[0]
    llama.start()
    await desk.hears("because it is configured")
    assert await complete(chosen(models))
    assert len(desk.said) == 2


async def test_the_next_endpoint_takes_over_and_hands_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fails = {"task": "complete", "text": "half", "error": "ProviderUnavailable", "after": 1, "times": 1, "piece": 2}
    first = [fails, {"text": "from the first"}]
    models = await desk.start({"first": {"replies": first}, "second": {"replies": [{"text": "from the second"}]}})
    with pytest.raises(ProviderUnavailable):
        await complete(chosen(models))
    assert await complete(chosen(models)) == "from the second"
    assert "scripted of second, because first comes first but is down" in desk.said[0]
    await desk.hears("scripted of first")
    assert await complete(chosen(models)) == "from the first"


async def test_only_an_answer_brings_a_failed_endpoint_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its list of models is fine all the time."""
    monkeypatch.setattr(breaker, "FIRST_WAIT", 0.02)
    models = await desk.start({"ill": {"replies": [{"error": "ProviderUnavailable", "times": 4}, {"text": "y"}]}})
    with pytest.raises(ProviderUnavailable):
        await complete(chosen(models))
    await desk.hears("because it is configured")
    assert await complete(chosen(models)) == "y"
    assert len(desk.said) == 2


async def test_a_probe_that_works_does_not_shorten_the_next_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "FIRST_WAIT", 0.02)
    turns = [{"error": "ProviderUnavailable", "times": 1}, {"text": "probed", "times": 1}] * 3
    models = await desk.start({"moody": {"replies": turns}})
    waits: list[float] = []
    for _ in range(3):
        with pytest.raises(ProviderUnavailable):
            await complete(chosen(models))
        waits.append(models._links[0]._breaker.wait)  # pyright: ignore
        desk.said.clear()
        await desk.hears("because it is configured")
    assert waits == [0.02, 0.04, 0.08]


async def test_three_timeouts_in_a_row_are_enough(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "SLOW_FIRST", 0.1)
    models = await desk.start({"slow": {"replies": [{"text": "x", "delay": 5, "times": 3}, {"text": "y"}]}})
    for _ in range(3):
        with pytest.raises(ProviderTimeout):
            await complete(chosen(models), within=0.02)
    assert models.choice("complete") is None
    assert "took more than 0.0 s for the first piece" in models.explain
    await desk.hears("because it is configured")


async def test_a_rejected_request_does_not_end_an_endpoint(desk: Desk) -> None:
    models = await desk.start({"picky": {"replies": [{"error": "ProviderRejected", "times": 5}, {"text": "y"}]}})
    for _ in range(5):
        with pytest.raises(ProviderError):
            await complete(chosen(models))
    assert await complete(chosen(models)) == "y"
    assert desk.said == []


async def test_a_loading_server_is_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "POLL", 0.05)
    models = await desk.start({"late": {"replies": [{"task": "models", "error": "ProviderLoading", "times": 3}]}})
    assert models.explain == "Completions come from the embedded engine, because late is loading its model."
    await desk.hears("scripted of late")


async def test_what_is_wrong_with_an_endpoint_is_said_and_the_others_work(desk: Desk) -> None:
    models = await desk.start(
        {
            "keyless": {"url": "http://127.0.0.1:9", "api_key_env": "NO_SUCH_VARIABLE"},
            "unknown": {"backend": "telepathy"},
            "broken": {"replies": [{"task": "models", "delay": "x"}]},
            "good": {"replies": []},
        }
    )
    assert chosen(models).provider.name == "good"
    links = {one.name: one.reason for one in models._links}  # pyright: ignore
    assert links["keyless"] == "no API key in the environment variable NO_SUCH_VARIABLE"
    assert "providers.endpoints.unknown.backend is not known" in links["unknown"]
    assert links["broken"] == "its backend scripted failed; the log says how"


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"complete_model": "missing"}, "work has no model 'missing'"),
        ({"template": "none"}, "work has a template set, 'none', that is none of qwen, mellum,"),
        ({"complete_model": "talker"}, "work does not know how 'talker' fills in the middle; set its template"),
    ],
)
async def test_a_wish_that_cannot_be_met_is_explained(
    desk: Desk, serve: Serve, settings: dict[str, object], why: str
) -> None:
    site = await serve(faults.faulty(faults.never))
    models = await desk.start({"work": {"url": site.url, **settings}})
    assert models.choice("complete") is None
    assert why in models.explain


async def test_an_endpoint_that_comes_and_goes_disturbs_little(desk: Desk, serve: Serve) -> None:
    """It changes its mind twenty times a second; requests come at a hundred."""
    good = True

    async def moody(asked: Asked, reply: Reply) -> None:
        if good:
            await reply.head(kind="text/event-stream")
            await reply.chunk(faults.event("x", "stop"))
            await reply.end()
        else:
            await reply.json({"error": "overheated"}, 500)

    site = await serve(faults.faulty(moody))
    models = await desk.start({"moody": {"url": site.url}, "steady": {"replies": [{"text": "y"}]}})
    failures, answers = 0, 0
    for turn in range(250):
        good = turn % 10 < 5
        try:
            assert await complete(chosen(models)) in "xy"
            answers += 1
        except ProviderError:
            failures += 1
        await asyncio.sleep(0.005)
    assert failures <= 3
    assert answers >= 247
    assert len(desk.said) <= 2 * failures


async def test_requests_are_counted_by_how_they_ended(desk: Desk) -> None:
    replies = [
        {"text": "one two", "times": 2},
        {"error": "ProviderRejected", "times": 1},
        {"error": "ProviderUnavailable", "times": 1},
    ]
    METRICS.clear()
    models = await desk.start({"counted": {"replies": replies}})
    choice = chosen(models)
    await complete(choice)
    async with aclosing(choice.provider.complete(REQUEST, choice.model, seconds(5))) as pieces:
        await anext(pieces)
    for _ in range(2):
        with pytest.raises(ProviderError):
            await complete(choice)
    await complete(choice)
    task = asyncio.ensure_future(choice.provider.embed(["x"], choice.model, seconds(5)))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    def requests(outcome: str, capability: str = "complete") -> float:
        return METRICS.value("provider_requests_total", backend="scripted", capability=capability, outcome=outcome)

    assert [requests(name) for name in ("ok", "rejected", "error", "empty")] == [2, 1, 1, 1]
    assert requests("cancelled", "embed") == 1
    assert METRICS.value("provider_first_token_seconds", backend="scripted", model="scripted") == 2
    assert METRICS.value("provider_errors_total", backend="scripted", error="ProviderUnavailable") == 1
    assert METRICS.value("provider_up", endpoint="counted") == 0
