"""Fill in code at the cursor: by the model where one is ready, else by the embedded engine."""

import time
from dataclasses import replace

from copilot_lsp.agents.agent import Agent, Job
from copilot_lsp.agents.context import gather
from copilot_lsp.agents.events import FillsEvent, TextEvent
from copilot_lsp.agents.filter import passed
from copilot_lsp.agents.prompt import may_be_sent
from copilot_lsp.agents.request import Complete
from copilot_lsp.agents.trim import trim
from copilot_lsp.core.errors import ProviderError
from copilot_lsp.core.fill import Fill, FillRequest
from copilot_lsp.core.text import Span
from copilot_lsp.providers.select import Choice
from copilot_lsp.recall import complete as recall
from copilot_lsp.telemetry import decisions, metrics
from copilot_lsp.telemetry.span import span

# A completion model's context is mostly the file itself; a quarter of it goes to the rest of the workspace.
_CONTEXT_SHARE = 0.25
# So many documents, the ones opened last, are lexed for a completion elsewhere; an editor may hold thousands open.
_LEXED = 16
# What is left of the deadline when the model is given up, so that the answer is still out in time.
_RESERVE = 0.05


async def run(job: Job[Complete]) -> tuple[Fill, ...]:
    started = time.monotonic()
    view, position = job.view, job.view.document.clamp(job.request.position)
    ask = FillRequest(view.document, Span(position, position), limits=job.request.limits)
    known = await passed(view, await _recall(job, ask))
    asks = view.settings.completion.use_model and may_be_sent(view.document)
    choice = view.models.choice("complete") if asks else None
    if choice is None:
        _decide("recall" if known else "nothing", view.models.explain, known, started)
        return known
    job.emit(FillsEvent(known))
    try:
        written = await passed(view, await _ask_model(job, ask, choice))
    except ProviderError as error:
        _decide("recall" if known else "nothing", f"the model failed: {type(error).__name__}", known, started)
        return known
    if not written:
        _decide("recall" if known else "nothing", "the model had nothing to add", known, started)
        return known
    _decide("model", view.models.explain, written, started, alternatives=known)
    return (*written, *(fill for fill in known if fill.text != written[0].text))[: ask.limits.alternatives]


async def _recall(job: Job[Complete], ask: FillRequest) -> tuple[Fill, ...]:
    view = job.view
    corpus = view.project.corpus if view.project else None
    begin = time.perf_counter()
    with span("recall.complete", language=view.document.language) as current:
        tokens = await view.subject.tokens.settle(view.document)
        # Invariant: every open document is among them, for that is also what hides its file on disk.
        opened = {uri: one.tokens.known for uri, one in view.open.items()}
        for uri, one in list(view.open.items())[-_LEXED:]:
            opened[uri] = await one.tokens.settle(one.document)
        fills = recall.complete(ask, tokens, corpus, opened, view.settings.recall)
        current.set(hits=len(fills))
    outcome = "found" if fills else "empty"
    metrics.count("recall_total", outcome=outcome)
    metrics.observe("recall_seconds", time.perf_counter() - begin, outcome=outcome)
    return fills


async def _ask_model(job: Job[Complete], ask: FillRequest, choice: Choice) -> tuple[Fill, ...]:
    budget = job.budget.within(max(0.0, job.budget.left - _RESERVE))
    chunks = await gather(job.view, ask.span.start, tokens=int(choice.model.context * _CONTEXT_SHARE))
    text = ""
    stream = choice.provider.complete(replace(ask, chunks=chunks), choice.model, budget)
    try:
        async for piece in stream:
            text += piece
            job.emit(TextEvent(piece))
            if text.count("\n") >= ask.limits.lines:
                break
    finally:
        # Closing the stream closes the model's socket: it stops writing at once.
        await stream.aclose()
    line = job.view.document.line(ask.span.start.line)[: ask.span.start.column]
    text = trim(text, line, ask.suffix, ask.limits.lines)
    return (Fill(ask.span, text, 1.0, choice.model.name),) if text.strip() else ()


def _decide(
    choice: str, reason: str, fills: tuple[Fill, ...], started: float, alternatives: tuple[Fill, ...] = ()
) -> None:
    decisions.record(
        agent="complete",
        choice=choice,
        reason=reason,
        alternatives=[fill.source for fill in alternatives],
        confidence=fills[0].confidence if fills else 0.0,
        tokens=0,
        seconds=time.monotonic() - started,
    )


AGENT = Agent(name="complete", needs=frozenset({"recall", "index", "model"}), run=run)
