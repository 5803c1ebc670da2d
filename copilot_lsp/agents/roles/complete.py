"""Fill in code at the cursor: with what is known, by the model where one is ready, else by the embedded engine."""

import asyncio
import time
from collections.abc import Generator
from contextlib import aclosing
from dataclasses import dataclass, replace

from copilot_lsp.agents.agent import Agent, Job
from copilot_lsp.agents.events import FillsEvent, TextEvent
from copilot_lsp.agents.filter import passed
from copilot_lsp.agents.prompt import may_be_sent
from copilot_lsp.agents.request import Complete
from copilot_lsp.agents.serving.answers import foretold
from copilot_lsp.agents.serving.flight import Flight
from copilot_lsp.agents.serving.serving import limits_at
from copilot_lsp.agents.serving.speed import patience
from copilot_lsp.agents.trim import trim
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.errors import ProviderError
from copilot_lsp.core.fill import Fill, FillRequest
from copilot_lsp.core.text import Span
from copilot_lsp.providers.select import Choice
from copilot_lsp.recall import complete as recall
from copilot_lsp.syntax.turns import ahead, turn
from copilot_lsp.telemetry import decisions, metrics
from copilot_lsp.telemetry.span import span

# So many documents, the ones opened last, are lexed for a completion elsewhere; an editor may hold thousands open.
_LEXED = 16
# What is left of the deadline when the model is given up, so that the answer is still out in time.
_RESERVE = 0.05
# So many more proposals of the engine are looked at where something is known of what the user takes.
_MORE = 2
# How freely a model writes for someone who wants to see something else than what is likeliest.
_FREELY = 0.7


@dataclass(frozen=True, slots=True)
class _Found:
    """Fills that may be shown, best first, and for the record: where they come from, and what else there was."""

    fills: tuple[Fill, ...]
    choice: str
    reason: str
    others: tuple[Fill, ...] = ()


async def run(job: Job[Complete]) -> tuple[Fill, ...]:
    started = time.monotonic()
    view = job.view
    place = view.document.clamp(job.request.position)
    ask = FillRequest(view.document, Span(place, place), limits=job.request.limits)
    view.serving.asked(view.at)
    asks = view.settings.completion.use_model and may_be_sent(view, view.document)
    choice = view.models.choice("complete") if asks else None
    found = await _find(job, ask, choice)
    _show(job, ask, found)
    _decide(found, started)
    if choice is not None:
        view.serving.rested(view, place, choice)
    return found.fills


async def _find(job: Job[Complete], ask: FillRequest, choice: Choice | None) -> _Found:
    kept = await _passed(job, _kept(job, ask))
    metrics.count("cache_total", cache="answers", outcome="hit" if kept else "miss")
    if kept and (job.request.automatic or len(kept) >= ask.limits.alternatives):
        return _Found(kept[: ask.limits.alternatives], "cache", "what was answered before goes on here")
    if choice is None:
        known = await _passed(job, await _recall(job, ask))
        return _best(ask, kept, known, "recall", job.view.models.explain)
    flight = _board(job, ask, choice)
    await flight.underway()
    known = await _passed(job, await _recall(job, ask))
    job.emit(FillsEvent(kept or known))
    written, trouble = await _written(job, ask, choice, flight, known)
    if not trouble and not job.request.automatic:
        written = (*written, *await _others(job, ask, choice, ask.limits.alternatives - 1))
    written = await _passed(job, written)
    if written and known and job.request.automatic and known[0].confidence > _trust(job, choice):
        return _best(ask, (*kept, *known), written, "recall", "the model is seldom right here")
    return _best(ask, (*kept, *written), known, "model" if written else "recall", trouble or job.view.models.explain)


def _trust(job: Job[Complete], choice: Choice) -> float:
    """How sure the model is, going by what this person made of its answers."""
    return job.view.learned.calibration.trust(job.view.document.language, choice.model.name)


async def _passed(job: Job[Complete], fills: tuple[Fill, ...]) -> tuple[Fill, ...]:
    """What may be shown of these."""
    with ahead():
        return _fresh(job, await passed(job.view, fills))


def _fresh(job: Job[Complete], fills: tuple[Fill, ...]) -> tuple[Fill, ...]:
    """Without what the user rejected here before; who asks for suggestions is shown that, too."""
    return job.view.learned.fresh(job.view.document, fills) if job.request.automatic else fills


def _kept(job: Job[Complete], ask: FillRequest) -> tuple[Fill, ...]:
    """What earlier answers of this session say here."""
    found = job.view.serving.answers.find(ask.document, ask.document.offset(ask.span.start))
    return tuple([Fill(ask.span, rest, answer.confidence, answer.source) for answer, rest in found])


def _board(job: Job[Complete], ask: FillRequest, choice: Choice) -> Flight:
    """The answer of the model that is, or from now on will be, in the making."""
    offset = ask.document.offset(ask.span.start)
    return job.view.serving.flight(job.view, offset, choice, limits_at(ask.document, offset, ask.limits))


async def _recall(job: Job[Complete], ask: FillRequest) -> tuple[Fill, ...]:
    view = job.view
    corpus = view.project.corpus if view.project else None
    settings = view.settings.recall
    if job.request.automatic:
        settings = view.learned.tuned(settings, view.document.language, recall.SOURCE)
    if view.learned.turned_down or view.learned.lines:
        # The best may be what was rejected here, and the next what was accepted elsewhere.
        ask = replace(ask, limits=replace(ask.limits, alternatives=ask.limits.alternatives + _MORE))
    begin = time.perf_counter()
    with ahead(), span("recall.complete", language=view.document.language) as current:
        tokens = await view.subject.tokens.settle(view.document)
        # Invariant: every open document is among them, for that is also what hides its file on disk.
        opened = {uri: one.tokens.known for uri, one in view.open.items()}
        for uri, one in list(view.open.items())[-_LEXED:]:
            opened[uri] = await one.tokens.settle(one.document)
        # Nothing is copied from where keys are kept: what may not go to a model may not go into another file either.
        held = (uri for uri, known in opened.items() if known and not may_be_sent(view, view.open[uri].document))
        opened |= dict.fromkeys(tuple(held))
        found = await _stepwise(recall.completing(ask, tokens, corpus, opened, settings))
        fills = _fresh(job, view.learned.favoured(view.document, found))[: job.request.limits.alternatives]
        current.set(hits=len(fills))
    outcome = "found" if fills else "empty"
    metrics.count("recall_total", outcome=outcome)
    metrics.observe("recall_seconds", time.perf_counter() - begin, outcome=outcome)
    return fills


async def _stepwise(steps: Generator[None, None, tuple[Fill, ...]]) -> tuple[Fill, ...]:
    """What some steps come to, each in a turn of its own: none falls together with a slice of a parse."""
    while True:
        async with turn():
            try:
                next(steps)
            except StopIteration as end:
                return end.value
            finally:
                await asyncio.sleep(0)


async def _written(
    job: Job[Complete], ask: FillRequest, choice: Choice, flight: Flight, known: tuple[Fill, ...]
) -> tuple[tuple[Fill, ...], str]:
    """What the model writes while waiting for it is worth it, and why it is not all that was hoped for."""
    serving, offset = job.view.serving, ask.document.offset(ask.span.start)
    deadline = time.monotonic() + max(0.0, job.budget.left - _RESERVE)
    sure = known[0].confidence if known and job.request.automatic else 0.0
    left = max(0.0, deadline - time.monotonic())
    until = time.monotonic() + patience(serving.speed(choice), sure, left, _trust(job, choice))
    try:
        while True:
            wait = until - time.monotonic()
            if not await flight.wait(ask.document, offset, wait, lambda text: job.emit(TextEvent(text))):
                begun = flight.lines(ask.document, offset) if not known else ""
                return tuple([Fill(ask.span, begun, 1.0, flight.model)] if begun else ()), "the model is not there yet"
            written = tuple([one for one in _kept(job, ask) if one.source == flight.model])
            own = flight.document is ask.document and flight.offset == offset
            if written or own or flight.error is not None:
                break
            # It was somebody else's, and what it has become does not fit what was typed meanwhile.
            flight = _board(job, ask, choice)
    except BaseException:
        serving.abandoned(flight)
        raise
    if flight.error is not None:
        return (), f"the model failed: {type(flight.error).__name__}"
    return written, "" if written else "the model had nothing to add"


async def _others(job: Job[Complete], ask: FillRequest, choice: Choice, count: int) -> tuple[Fill, ...]:
    """More of the model's ideas, one after the other, as far as the time goes."""
    view, place = job.view, ask.span.start
    offset = ask.document.offset(place)
    room = view.serving.room(view, choice)
    limits = limits_at(ask.document, offset, replace(ask.limits, temperature=_FREELY, suffix=room.suffix))
    chunks = await view.serving.prompts.chunks(view, place, room)
    line = ask.document.line(place.line)[: place.column]
    found: list[Fill] = []
    for _ in range(count):
        budget = seconds(max(0.0, job.budget.left - _RESERVE), room.tokens)
        if budget.left < (view.serving.speed(choice).expected or 0.0):
            break
        text = ""
        try:
            async with aclosing(
                choice.provider.complete(replace(ask, chunks=chunks, limits=limits), choice.model, budget)
            ) as pieces:
                async for piece in pieces:
                    text += piece
        except ProviderError:
            break
        text = trim(text, line, limits.lines)
        if text.strip():
            found.append(Fill(ask.span, text, 0.5, choice.model.name))
    return tuple(found)


def _best(ask: FillRequest, first: tuple[Fill, ...], known: tuple[Fill, ...], choice: str, reason: str) -> _Found:
    """The first ones and then the others that are known, each text once."""
    fills = {fill.text: fill for fill in (*known, *first)}
    ranked = [fills[text] for text in dict.fromkeys(fill.text for fill in (*first, *known))]
    return _Found(tuple(ranked[: ask.limits.alternatives]), choice if ranked else "nothing", reason, known)


def _show(job: Job[Complete], ask: FillRequest, found: _Found) -> None:
    """Remember what is shown now: while the user types along it, it stays on the screen."""
    answers, offset = job.view.serving.answers, ask.document.offset(ask.span.start)
    for number, fill in enumerate(found.fills):
        if fill.span != ask.span:
            continue  # it replaces what was typed, which somebody who types on does not
        answer = answers.keep(foretold(ask.document, offset, fill.text, fill.source, fill.confidence, firm=False))
        if number == 0:
            answers.show(answer)


def _decide(found: _Found, started: float) -> None:
    decisions.record(
        agent="complete",
        choice=found.choice,
        reason=found.reason,
        alternatives=[fill.source for fill in found.others],
        confidence=found.fills[0].confidence if found.fills else 0.0,
        tokens=0,
        seconds=time.monotonic() - started,
    )


AGENT = Agent(name="complete", needs=frozenset({"recall", "index", "model"}), run=run)
