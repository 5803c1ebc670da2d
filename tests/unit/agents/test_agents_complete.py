"""Ghost text with a model: what is asked of it, what it costs, and what is shown."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from copilot_lsp.agents.learning.calibrate import Calibration, Tally
from copilot_lsp.agents.learning.learned import NOTHING_LEARNED, Learned
from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.request import Complete
from copilot_lsp.agents.serving.serving import Serving
from copilot_lsp.agents.settings import AgentSettings, CompletionSettings, PoolSettings
from copilot_lsp.agents.view import OpenDocument, View
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.document import Document, document
from copilot_lsp.core.errors import Superseded
from copilot_lsp.core.fill import FillLimits
from copilot_lsp.providers.backends.scripted import Scripted
from copilot_lsp.providers.select import Models
from copilot_lsp.providers.settings import EndpointSettings, ProviderSettings
from copilot_lsp.recall.live import LiveTokens
from copilot_lsp.syntax.live import LiveTree


@dataclass
class Desk:
    """Someone who types into one document, with a scripted model."""

    pool: Pool
    models: Models
    serving: Serving
    settings: AgentSettings
    live: LiveTree
    tokens: LiveTokens
    document: Document
    offset: int
    learned: Learned = NOTHING_LEARNED

    @property
    def scripted(self) -> Scripted:
        choice = self.models.choice("complete")
        assert choice is not None
        return choice.provider._provider  # pyright: ignore

    @property
    def asked(self) -> list[str]:
        return [text for task, text in self.scripted.asked if task == "complete"]

    @property
    def view(self) -> View:
        opened = OpenDocument(self.document, self.live, self.tokens)
        return View(
            self.document,
            {self.document.uri: opened},
            None,
            self.settings,
            self.models,
            "1",
            serving=self.serving,
            learned=self.learned,
        )

    def type(self, text: str) -> None:
        before, after = self.document.text[: self.offset], self.document.text[self.offset :]
        changed = document(self.document.uri, before + text + after, self.document.language)
        self.document = replace(changed, version=self.document.version + 1)
        self.offset += len(text)
        self.live.changed(self.document)
        self.serving.changed(self.document, lambda: self.view)

    async def ask(self, *, automatic: bool = True, within: float = 2.0) -> list[str]:
        request = Complete(
            self.document.position(self.offset), automatic, FillLimits(lines=8, alternatives=1 if automatic else 3)
        )
        fills = await self.pool.run(request, self.view, key="inline", budget=seconds(within))
        return [fill.text for fill in fills]


@pytest.fixture
def desk(tmp_path: Path) -> Callable[..., object]:
    @asynccontextmanager
    async def start(
        *replies: dict[str, object], text: str = "x = |", language: str = "plaintext"
    ) -> AsyncGenerator[Desk]:
        script = tmp_path / "script.json"
        script.write_text(json.dumps([{"task": "complete", **reply} for reply in replies]), encoding="utf-8")
        models = Models(ProviderSettings(endpoints={"s": EndpointSettings(backend="scripted", script=str(script))}))
        await models.start()
        first = document("file:///a", text.replace("|", ""), language, 1)
        settings = AgentSettings(completion=CompletionSettings())
        one = Desk(
            Pool(PoolSettings()), models, Serving(), settings, LiveTree(first), LiveTokens(), first, text.index("|")
        )
        try:
            yield one
        finally:
            await one.serving.close()
            await models.close()
            assert len(asyncio.all_tasks()) == 1, "nothing runs on without an owner"

    return start


async def test_who_types_along_is_answered_without_the_model(desk) -> None:
    async with desk({"text": "one two"}) as one:
        assert await one.ask() == ["one two"]
        for typed in ("o", "ne", " "):
            one.type(typed)
            assert (await one.ask())[0] == "one two"[one.offset - 4 :]
        assert len(one.asked) == 1
        one.type("T")
        await one.ask()
        assert len(one.asked) == 2, "what was typed is not what was suggested"


async def test_a_late_answer_serves_the_next_keystroke_that_matches(desk) -> None:
    async with desk({"text": "one two", "delay": 0.3}) as one:
        assert await one.ask(within=0.15) == []
        one.type("o")
        assert await one.ask(within=2.0) == ["ne two"]
        assert len(one.asked) == 1


async def test_an_answer_in_the_making_goes_on_while_what_is_typed_agrees(desk) -> None:
    async with desk({"text": "one two", "gap": 0.05, "piece": 1}) as one:
        first = asyncio.create_task(one.ask())
        await asyncio.sleep(0.12)
        one.type("one")
        assert await one.ask() == [" two"]
        with pytest.raises(Superseded):
            await first
        assert len(one.asked) == 1


async def test_an_answer_in_the_making_ends_when_something_else_is_typed(desk) -> None:
    replies = {"text": "one two", "when": "= ", "gap": 0.05, "piece": 1}, {"text": "!", "when": "z"}
    async with desk(*replies) as one:
        first = asyncio.create_task(one.ask())
        await asyncio.sleep(0.12)
        one.type("z")
        await asyncio.sleep(0)
        assert not one.serving._flights
        assert await one.ask() == ["!"]
        with pytest.raises(Superseded):
            await first


async def test_who_types_ahead_of_the_model_gets_an_answer_of_his_own(desk) -> None:
    replies = {"text": "one", "when": "= ", "delay": 0.2}, {"text": "bra", "when": "ze"}
    async with desk(*replies) as one:
        first = asyncio.create_task(one.ask())
        await asyncio.sleep(0.05)
        one.type("ze")
        assert await one.ask() == ["bra"]
        with pytest.raises(Superseded):
            await first
        assert len(one.asked) == 2


async def test_a_request_that_is_taken_back_lets_the_model_stop_soon(desk) -> None:
    async with desk({"text": "one two", "delay": 5.0}) as one:
        first = asyncio.create_task(one.ask())
        await asyncio.sleep(0.05)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert one.serving._flights, "most often the next keystroke comes for it"
        await asyncio.sleep(0.35)
        assert not one.serving._flights


async def test_what_follows_an_accepted_suggestion_is_there_before_it_is_asked_for(desk) -> None:
    replies = {"text": "one", "when": "= "}, {"text": " two", "when": "one"}
    async with desk(*replies) as one:
        assert await one.ask() == ["one"]
        one.type("one")
        await asyncio.sleep(0.3)
        assert len(one.asked) == 2
        assert await one.ask() == [" two"]
        assert len(one.asked) == 2


async def test_who_asks_for_more_gets_other_ideas(desk) -> None:
    replies = [{"text": text, "times": 1} for text in ("one", "two", "one", "three")]
    async with desk(*replies) as one:
        assert await one.ask(automatic=False) == ["one", "two"]
        assert len(one.asked) == 3


async def test_a_failing_model_leaves_what_is_known(desk) -> None:
    text = "alpha = beta + gamma\nalpha = beta + gamma\nalpha = |"
    async with desk({"text": "one", "error": "ProviderUnavailable"}, text=text) as one:
        found = await one.ask()
        assert found
        assert "one" not in found


async def test_a_stream_ends_with_the_block(desk) -> None:
    reply = {"text": "\n        foo()\n    bar()\n    and_so_on()\n" + "x" * 4000, "piece": 5, "gap": 0.001}
    async with desk(reply, text="def f(x):\n    if x:|\n", language="python") as one:
        assert await one.ask() == ["\n        foo()"]


async def test_in_the_middle_of_a_line_the_rest_of_it_is_meant(desk) -> None:
    async with desk({"text": "one\ntwo"}, text="f(|, x)") as one:
        assert await one.ask() == ["one"]


async def test_only_the_whole_lines_of_a_slow_model_are_shown(desk) -> None:
    async with desk({"text": "one\ntwo", "piece": 5, "gap": 1.0}) as one:
        assert await one.ask(within=0.3) == ["one"]


async def test_nothing_is_kept_of_a_closed_document(desk) -> None:
    async with desk({"text": "one two"}) as one:
        await one.ask()
        one.serving.closed(one.document.uri)
        assert len(one.serving.answers) == 0
        await one.ask()
        assert len(one.asked) == 2


async def test_a_model_that_is_seldom_right_comes_after_an_engine_that_is_surer(desk) -> None:
    text = "alpha = beta(gamma)\n" * 8 + "alpha = |"
    async with desk({"text": "delta"}, text=text) as one:
        assert await one.ask(within=9.0) == ["delta"]
    async with desk({"text": "delta"}, text=text) as one:
        never = {9: Tally(1000, 0, 1.0)}
        one.learned = Learned(calibration=Calibration({("plaintext", "scripted"): never}))
        assert await one.ask(within=9.0) == ["beta(gamma)"]
        assert one.asked, "its answer is still wanted by whoever types something else"
