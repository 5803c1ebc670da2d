"""Run tasks: interactive before background, newest per document, each within its deadline, owned by its caller.

A task runs in the asyncio task that awaits it, so it has an owner by construction: cancelling the caller cancels the
agent, and through it the model's HTTP stream. The pool only decides when a task may start, and ends the ones that a
newer task replaces.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeVar, cast

from copilot_lsp.agents.agent import Agent, Emit, Job, ignore, load_agent
from copilot_lsp.agents.health import AgentHealth
from copilot_lsp.agents.request import Request
from copilot_lsp.agents.settings import PoolSettings
from copilot_lsp.agents.view import View
from copilot_lsp.core.budget import Budget
from copilot_lsp.core.errors import DeadlineExceeded, Overloaded, Superseded
from copilot_lsp.telemetry import metrics
from copilot_lsp.telemetry.span import span

R = TypeVar("R")
_log = logging.getLogger(__name__)
_REPLACED = "a newer {} task took this one's place"


class Lane(IntEnum):
    """Who goes first: what a person waits for, then what nobody waits for."""

    INTERACTIVE = 0
    BACKGROUND = 1


@dataclass(frozen=True, slots=True)
class PoolStatus:
    """One moment of the pool. `waiting` is by lane; `agents` holds JSON-ready health reports by name."""

    running: int
    waiting: dict[str, int]
    agents: dict[str, dict[str, Any]]


@dataclass(slots=True, eq=False)
class _Ticket:
    """One task from submission to end."""

    lane: Lane
    key: Hashable | None
    owner: asyncio.Task[Any]
    superseded: bool = False
    turn: asyncio.Future[None] | None = None
    submitted: float = field(default_factory=time.monotonic)


class Pool:
    """The one place where agents run. Not thread-safe: it belongs to the runtime's event loop.

    `find` gives an agent by name; another one than `load_agent` is for agents that are not in `roles/`.
    """

    def __init__(self, settings: PoolSettings, find: Callable[[str], Agent[Any]] = load_agent) -> None:
        self._settings = settings
        self._find = find
        self._running = 0
        self._background = 0
        self._waiting: dict[Lane, deque[_Ticket]] = {lane: deque() for lane in Lane}
        self._latest: dict[Hashable, _Ticket] = {}
        self._health: dict[str, AgentHealth] = {}

    async def run(
        self,
        request: Request[R],
        view: View,
        *,
        budget: Budget,
        lane: Lane = Lane.INTERACTIVE,
        key: Hashable | None = None,
        emit: Emit = ignore,
    ) -> R:
        """Have the request's agent answer it.

        `key` names what only the newest task matters for, such as ("complete", session, uri). Raises `Superseded`
        when a newer task with the same key came, `DeadlineExceeded` when the budget's time is up, `Overloaded` when
        the lane's queue is full, and whatever the agent raises.
        """
        agent = self._find(request.agent)
        health = self._health.setdefault(agent.name, AgentHealth())
        ticket = _Ticket(lane, key, _current_task())
        self._supersede(ticket)
        started = time.monotonic()
        outcome = "error"
        try:
            with span("agents.run", agent=agent.name, lane=lane.name.lower()) as current:
                async with asyncio.timeout(budget.left), self._turn(ticket):
                    answer = await agent.run(Job(request, view, budget, emit))
                current.set(outcome="ok")
            outcome = "ok"
            health.succeeded(time.monotonic() - started)
            return cast("R", answer)
        except TimeoutError as error:
            outcome = "timeout"
            health.failed(error)
            raise DeadlineExceeded(f"{agent.name} did not finish in time") from error
        except asyncio.CancelledError:
            health.cancelled += 1
            if not ticket.superseded:
                outcome = "cancelled"
                raise
            outcome = "superseded"
            ticket.owner.uncancel()
            raise Superseded(_REPLACED.format(agent.name)) from None
        except (Superseded, Overloaded) as error:
            # Neither is the agent's fault: the document moved on, or the queue was full.
            outcome = "superseded" if isinstance(error, Superseded) else "rejected"
            raise
        except Exception as error:
            if ticket.superseded:  # a library turned the cancellation into an error of its own
                outcome = "superseded"
                ticket.owner.uncancel()
                raise Superseded(_REPLACED.format(agent.name)) from error
            health.failed(error)
            _log.warning("agent %s failed: %s", agent.name, type(error).__name__)
            raise
        finally:
            self._forget(ticket)
            metrics.count("tasks_total", agent=agent.name, outcome=outcome)
            metrics.observe("task_seconds", time.monotonic() - started, agent=agent.name)

    def cancel(self, key: Hashable) -> None:
        """End the task that holds this key, if any, as if a newer one had come."""
        ticket = self._latest.pop(key, None)
        if ticket is not None:
            self._end(ticket)

    def status(self) -> PoolStatus:
        """How full the pool is, and how well each agent that has run is doing."""
        return PoolStatus(
            running=self._running,
            waiting={lane.name.lower(): len(queue) for lane, queue in self._waiting.items()},
            agents={name: health.report() for name, health in sorted(self._health.items())},
        )

    def _supersede(self, ticket: _Ticket) -> None:
        if ticket.key is None:
            return
        older = self._latest.get(ticket.key)
        self._latest[ticket.key] = ticket
        if older is not None and older.owner is not ticket.owner:
            self._end(older)

    @staticmethod
    def _end(ticket: _Ticket) -> None:
        if not ticket.superseded:
            ticket.superseded = True
            ticket.owner.cancel()

    def _forget(self, ticket: _Ticket) -> None:
        if ticket.key is not None and self._latest.get(ticket.key) is ticket:
            del self._latest[ticket.key]

    @asynccontextmanager
    async def _turn(self, ticket: _Ticket) -> AsyncGenerator[None]:
        """Hold a slot while the body runs; wait for one in the lane's queue."""
        lane = ticket.lane.name.lower()
        if self._may_start(ticket.lane):
            self._start(ticket.lane)
        else:
            await self._wait(ticket)
        metrics.observe("queue_wait_seconds", time.monotonic() - ticket.submitted, lane=lane)
        try:
            yield
        finally:
            self._running -= 1
            self._background -= ticket.lane is Lane.BACKGROUND
            self._admit()

    async def _wait(self, ticket: _Ticket) -> None:
        queue = self._waiting[ticket.lane]
        if len(queue) >= self._settings.queue:
            raise Overloaded(f"{len(queue)} tasks are waiting already; this one was not taken")
        turn = ticket.turn = asyncio.get_running_loop().create_future()
        queue.append(ticket)
        metrics.gauge("queue_depth", len(queue), lane=ticket.lane.name.lower())
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                # The slot was given in the same loop turn in which the task was cancelled: hand it on.
                self._running -= 1
                self._background -= ticket.lane is Lane.BACKGROUND
                self._admit()
            else:
                queue.remove(ticket)
            raise
        finally:
            metrics.gauge("queue_depth", len(queue), lane=ticket.lane.name.lower())

    def _may_start(self, lane: Lane) -> bool:
        if self._running >= self._settings.concurrency:
            return False
        # One slot is always left to interactive work, so that background tasks never fill the pool.
        return lane is Lane.INTERACTIVE or self._background < max(1, self._settings.concurrency - 1)

    def _start(self, lane: Lane) -> None:
        self._running += 1
        self._background += lane is Lane.BACKGROUND

    def _admit(self) -> None:
        for lane in Lane:
            queue = self._waiting[lane]
            while queue and self._may_start(lane):
                ticket = queue.popleft()
                assert ticket.turn is not None
                if not ticket.turn.done():
                    self._start(lane)
                    ticket.turn.set_result(None)


def _current_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None, "agents run in asyncio tasks"
    return task
