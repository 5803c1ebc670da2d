"""The pool's promises: order, latest wins, deadlines, back-pressure, cancellation, health."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

import pytest

from copilot_lsp.agents.agent import Agent, Job
from copilot_lsp.agents.events import ProgressEvent
from copilot_lsp.agents.pool import Lane, Pool
from copilot_lsp.agents.request import Request
from copilot_lsp.agents.settings import PoolSettings
from copilot_lsp.agents.view import View
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.errors import DeadlineExceeded, Overloaded, Superseded

VIEW = cast("View", None)  # the pool hands views on and never looks into them
Work = Callable[[Job[Any]], Awaitable[object]]


@dataclass(frozen=True)
class Ask(Request[Any]):
    agent: ClassVar[str] = "test"
    work: Work
    name: str = ""


@dataclass
class Gate:
    """Work that says when it runs, and ends when it is told to."""

    started: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self, job: Job[Ask]) -> str:
        self.started.append(job.request.name)
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled.append(job.request.name)
            raise
        return job.request.name

    def ask(self, name: str) -> Ask:
        return Ask(self.work, name)


def pool(concurrency: int = 4, queue: int = 8) -> Pool:
    async def run(job: Job[Ask]) -> object:
        return await job.request.work(job)

    agent = Agent(name="test", needs=frozenset(), run=run)
    return Pool(PoolSettings(concurrency=concurrency, queue=queue), find=lambda name: agent)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_an_answer_and_its_events_reach_the_caller() -> None:
    async def work(job: Job[Ask]) -> str:
        job.emit(ProgressEvent("half", 50))
        return "done"

    heard: list[object] = []
    assert await pool().run(Ask(work), VIEW, budget=seconds(1), emit=heard.append) == "done"
    assert heard == [ProgressEvent("half", 50)]


async def test_a_newer_task_of_the_same_key_ends_the_older() -> None:
    one, gate = pool(), Gate()
    older = asyncio.create_task(one.run(gate.ask("old"), VIEW, budget=seconds(5), key="k"))
    await settle()
    newer = asyncio.create_task(one.run(gate.ask("new"), VIEW, budget=seconds(5), key="k"))
    other = asyncio.create_task(one.run(gate.ask("other"), VIEW, budget=seconds(5), key="other"))
    with pytest.raises(Superseded):
        await older
    assert not older.cancelled()
    gate.open.set()
    assert await newer == "new"
    assert await other == "other"
    assert gate.cancelled == ["old"]
    report = one.status().agents["test"]
    assert (report["cancelled"], report["failures"], report["status"]) == (1, 0, "ok")


async def test_a_superseded_task_that_still_waits_never_starts() -> None:
    one, gate = pool(concurrency=1), Gate()
    first = asyncio.create_task(one.run(gate.ask("first"), VIEW, budget=seconds(5)))
    await settle()
    older = asyncio.create_task(one.run(gate.ask("old"), VIEW, budget=seconds(5), key="k"))
    await settle()
    newer = asyncio.create_task(one.run(gate.ask("new"), VIEW, budget=seconds(5), key="k"))
    await settle()
    gate.open.set()
    with pytest.raises(Superseded):
        await older
    assert await asyncio.gather(first, newer) == ["first", "new"]
    assert gate.started == ["first", "new"]
    assert one.status().running == 0


async def test_a_library_that_hides_cancellation_is_still_superseded() -> None:
    async def stubborn(job: Job[Ask]) -> None:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            raise ConnectionError("closed") from None

    one, gate = pool(), Gate()
    gate.open.set()
    older = asyncio.create_task(one.run(Ask(stubborn), VIEW, budget=seconds(5), key="k"))
    await settle()
    await one.run(gate.ask("new"), VIEW, budget=seconds(5), key="k")
    with pytest.raises(Superseded):
        await older


async def test_the_deadline_ends_a_task() -> None:
    one, gate = pool(), Gate()
    with pytest.raises(DeadlineExceeded):
        await one.run(gate.ask("slow"), VIEW, budget=seconds(0.02))
    assert gate.cancelled == ["slow"]
    assert one.status().running == 0


async def test_the_deadline_counts_while_waiting_too() -> None:
    one, gate = pool(concurrency=1), Gate()
    blocker = asyncio.create_task(one.run(gate.ask("blocker"), VIEW, budget=seconds(5)))
    await settle()
    with pytest.raises(DeadlineExceeded):
        await one.run(gate.ask("late"), VIEW, budget=seconds(0.02))
    gate.open.set()
    assert await blocker == "blocker"
    assert gate.started == ["blocker"]


async def test_cancelling_the_caller_cancels_the_agent() -> None:
    one, gate = pool(), Gate()
    task = asyncio.create_task(one.run(gate.ask("a"), VIEW, budget=seconds(5)))
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert gate.cancelled == ["a"]


async def test_interactive_goes_before_background_and_a_full_queue_refuses() -> None:
    one, gate = pool(concurrency=1, queue=1), Gate()
    first = asyncio.create_task(one.run(gate.ask("first"), VIEW, budget=seconds(5)))
    await settle()
    late = asyncio.create_task(one.run(gate.ask("background"), VIEW, budget=seconds(5), lane=Lane.BACKGROUND))
    await settle()
    soon = asyncio.create_task(one.run(gate.ask("interactive"), VIEW, budget=seconds(5)))
    await settle()
    assert one.status().waiting == {"interactive": 1, "background": 1}
    with pytest.raises(Overloaded):
        await one.run(gate.ask("refused"), VIEW, budget=seconds(5))
    gate.open.set()
    await asyncio.gather(first, late, soon)
    assert gate.started == ["first", "interactive", "background"]


async def test_background_work_never_takes_the_last_slot() -> None:
    one, gate = pool(concurrency=2), Gate()
    tasks = [
        asyncio.create_task(one.run(gate.ask(f"b{number}"), VIEW, budget=seconds(5), lane=Lane.BACKGROUND))
        for number in range(3)
    ]
    await settle()
    assert gate.started == ["b0"]
    tasks.append(asyncio.create_task(one.run(gate.ask("i"), VIEW, budget=seconds(5))))
    await settle()
    assert gate.started == ["b0", "i"]
    gate.open.set()
    await asyncio.gather(*tasks)


async def test_a_slot_given_to_a_task_that_is_cancelled_in_the_same_turn_is_handed_on() -> None:
    one, gate = pool(concurrency=1), Gate()
    first = asyncio.create_task(one.run(gate.ask("first"), VIEW, budget=seconds(5)))
    await settle()
    second = asyncio.create_task(one.run(gate.ask("second"), VIEW, budget=seconds(5)))
    third = asyncio.create_task(one.run(gate.ask("third"), VIEW, budget=seconds(5)))
    await settle()
    first.cancel()
    await asyncio.sleep(0)
    second.cancel()
    gate.open.set()
    assert await third == "third"
    assert one.status().running == 0


async def test_a_failing_agent_is_reported_and_recovers() -> None:
    async def fail(job: Job[Ask]) -> None:
        raise ValueError("broken")

    async def work(job: Job[Ask]) -> str:
        return "ok"

    one = pool()
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"):
            await one.run(Ask(fail), VIEW, budget=seconds(1))
    report = one.status().agents["test"]
    assert (report["status"], report["failures"]) == ("down", 3)
    assert report["last_error"] == "ValueError: broken"
    for _ in range(20):
        await one.run(Ask(work), VIEW, budget=seconds(1))
    report = one.status().agents["test"]
    assert (report["status"], report["score"], report["runs"]) == ("ok", 1.0, 23)


async def test_a_key_can_be_cancelled_from_outside() -> None:
    one, gate = pool(), Gate()
    task = asyncio.create_task(one.run(gate.ask("a"), VIEW, budget=seconds(5), key="k"))
    await settle()
    one.cancel("k")
    one.cancel("nobody")
    with pytest.raises(Superseded):
        await task
