"""What one session asks of models, and who owns that: at most one answer in the making per document.

Everything that is kept here is of unsaved text: it is private to the session, bounded, and ends with it.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from copilot_lsp.agents.prompt import may_be_sent
from copilot_lsp.agents.serving.answers import Answer, Answers, foretold
from copilot_lsp.agents.serving.block import finished
from copilot_lsp.agents.serving.flight import Flight
from copilot_lsp.agents.serving.pace import REST, Pace
from copilot_lsp.agents.serving.prompts import Prompts
from copilot_lsp.agents.serving.reading import Reading, Room
from copilot_lsp.agents.serving.speed import Speed
from copilot_lsp.agents.serving.thrift import Thrift
from copilot_lsp.agents.trim import trim
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.document import Document
from copilot_lsp.core.fill import FillLimits, FillRequest
from copilot_lsp.core.text import Position, Span
from copilot_lsp.telemetry import metrics

if TYPE_CHECKING:
    from copilot_lsp.agents.view import View
    from copilot_lsp.providers.select import Choice

_log = logging.getLogger(__name__)

# A model writes on for so long after its answer was waited for in vain; then nobody wants it any more.
_LONGEST = 20.0
# A request that the client took back is most often followed by one that the same answer serves.
_GRACE = 0.25
# The user may go on at once after accepting; only who pauses is worth an answer that nobody has asked for.
_AHEAD = 0.2
# Of what nobody has asked for yet, the beginning will do.
_AHEAD_SHARE = 0.5
# What may stand behind the cursor on a line that is being written all the same.
_CLOSING = " \t)]}>,;:\"'`"


class Serving:
    """One session's part of the road to a model. `close` ends all that runs for it."""

    def __init__(self) -> None:
        self.answers = Answers()
        self.prompts = Prompts()
        self._flights: dict[str, tuple[Flight, asyncio.Task[None]]] = {}
        self._speeds: dict[str, Speed] = {}
        self._readings: dict[str, Reading] = {}
        self._pace = Pace()
        self._thrift = Thrift()
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle: asyncio.Task[None] | None = None

    def speed(self, choice: "Choice") -> Speed:
        """What is known of how fast a model is."""
        return self._speeds.setdefault(_name(choice), Speed())

    def room(self, view: "View", choice: "Choice") -> Room:
        """How much a model is given to read."""
        most = min(choice.model.context, view.settings.completion.context_tokens)
        return self._reading(choice).room(most)

    def _reading(self, choice: "Choice") -> Reading:
        return self._readings.setdefault(_name(choice), Reading())

    def asked(self, at: float) -> None:
        """A client wants a completion since that moment: whatever ran because nothing else did makes way."""
        self._pace.asked(at)
        self._interrupt()

    def flight(self, view: "View", offset: int, choice: "Choice", limits: FillLimits) -> Flight:
        """What a model is writing already, if that still fits there, else a new answer; one that does not fit ends."""
        running = self._flights.get(view.document.uri)
        if running is not None:
            if running[0].may_fit(view.document.text, offset) and not running[0].ended:
                metrics.count("cache_total", cache="flights", outcome="hit")
                return running[0]
            self._drop(view.document.uri)
        metrics.count("cache_total", cache="flights", outcome="miss")
        flight = Flight(view.document, offset, choice.model.name)
        delay = self._pace.delay(self.speed(choice).expected, self._thrift.care)
        limits = replace(limits, tokens=self._thrift.tokens(limits.tokens))
        task = self._start(self._fly(flight, view, choice, limits, delay), f"complete {view.document.version}")
        self._flights[view.document.uri] = flight, task
        return flight

    def abandoned(self, flight: Flight) -> None:
        """The client took a request back that waited for this. If nobody comes for it soon, it ends."""
        if not flight.waiting and not flight.ended:
            self._start(self._expire(flight), "grace")

    def changed(self, document: Document, view: "Callable[[], View]") -> None:
        """A document has another text: what is written for it may fit no more, or it now holds what was suggested."""
        self._pace.changed()
        self._interrupt()
        running = self._flights.get(document.uri)
        if running is not None and not running[0].may_fit(document.text):
            self._drop(document.uri)
        accepted = self.answers.complete(document)
        if accepted is not None:
            rest = _AHEAD + self._thrift.care * (REST - _AHEAD)
            self._when_idle(rest, lambda: self._go_on(accepted, view))

    def rested(self, view: "View", place: Position, choice: "Choice") -> None:
        """A request was answered. If nothing happens now, look whether the next prompt should begin otherwise.

        Reading a whole prompt anew takes a small machine some seconds, which are there when the hands are off the keys.
        """
        if self._idle is None:
            self._when_idle(REST, lambda: self.prompts.refresh(view, place, choice, self.room(view, choice)))

    def closed(self, uri: str) -> None:
        """A document was closed: nothing of it is kept."""
        self._interrupt()
        self._drop(uri)
        self.answers.forget(uri)

    async def close(self) -> None:
        """End everything and forget everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._flights.clear()
        self.answers = Answers()
        self.prompts = Prompts()

    async def _fly(self, flight: Flight, view: "View", choice: "Choice", limits: FillLimits, delay: float) -> None:
        document, place = flight.document, flight.document.position(flight.offset)
        speed, reading = self.speed(choice), self._reading(choice)
        try:
            await asyncio.sleep(delay)
            room = self.room(view, choice)
            chunks = await self.prompts.chunks(view, place, room)
            ask = FillRequest(document, Span(place, place), chunks, replace(limits, suffix=room.suffix))
            anew = reading.asked(chunks, ask.prefix, ask.suffix)
            # A shorter answer leaves the prompt as it is: one that is cut otherwise is read anew.
            spared = view.settings.completion.max_tokens - limits.tokens
            budget = seconds(_LONGEST, room.tokens - spared)
            pieces = choice.provider.complete(ask, choice.model, budget)
            await flight.follow(pieces, lambda text: finished(document, flight.offset, text))
            if flight.error is None:
                self._thrift.learn(flight.pieces, thrown=False)
                speed.learn(flight.first - flight.started, flight.last - flight.first, flight.pieces)
                if flight.pieces:
                    reading.answered(anew, flight.first - flight.started)
                self._keep(flight, limits)
        except asyncio.CancelledError:
            self._thrift.learn(flight.pieces, thrown=True)
            if flight.begun and not flight.pieces:
                speed.gave_up(asyncio.get_running_loop().time() - flight.started)
            raise
        finally:
            flight.end()
            if self._flights.get(document.uri, (None,))[0] is flight:
                del self._flights[document.uri]

    def _keep(self, flight: Flight, limits: FillLimits) -> None:
        document, place = flight.document, flight.document.position(flight.offset)
        line = document.line(place.line)[: place.column]
        text = trim(flight.text, line, limits.lines)
        if text.strip():
            self.answers.keep(foretold(document, flight.offset, text, flight.model, 1.0, firm=True))

    async def _go_on(self, accepted: Answer, view: "Callable[[], View]") -> None:
        """Have the answer to what follows an accepted one written before it is asked for."""
        seen = view()
        asks = seen.settings.completion.use_model and may_be_sent(seen, seen.document)
        choice = seen.models.choice("complete") if asks else None
        if choice is not None and seen.document.text == accepted.text:
            completion = seen.settings.completion
            limits = FillLimits(max(1, int(completion.max_tokens * _AHEAD_SHARE)), completion.max_lines)
            self.flight(seen, accepted.end, choice, limits_at(seen.document, accepted.end, limits))

    async def _expire(self, flight: Flight) -> None:
        await asyncio.sleep(_GRACE)
        running = self._flights.get(flight.document.uri)
        if running is not None and running[0] is flight and not flight.waiting:
            self._drop(flight.document.uri)

    def _drop(self, uri: str) -> None:
        running = self._flights.pop(uri, None)
        if running is not None:
            running[1].cancel()

    def _when_idle(self, rest: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do something when nothing has happened for so long; there is one such thing at a time."""
        self._interrupt()
        self._idle = self._start(_after(rest, work), "idle")
        self._idle.add_done_callback(self._idled)

    def _idled(self, task: asyncio.Task[None]) -> None:
        if self._idle is task:
            self._idle = None

    def _interrupt(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("%s failed", task.get_name(), exc_info=error)


def _name(choice: "Choice") -> str:
    return f"{choice.provider.name}/{choice.model.name}"


def limits_at(document: Document, offset: int, limits: FillLimits) -> FillLimits:
    """How much may be written at a place: where code follows on the line, only what belongs before it."""
    place = document.position(offset)
    return replace(limits, lines=1) if document.line(place.line)[place.column :].strip(_CLOSING) else limits


async def _after(rest: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    await asyncio.sleep(rest)
    await work()
