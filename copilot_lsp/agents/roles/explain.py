"""Says what is at a place: what syntax and symbols know, and what a chat model adds when one is asked."""

import time
from contextlib import aclosing
from dataclasses import replace

from copilot_lsp.agents.agent import Agent, Job
from copilot_lsp.agents.events import TextEvent
from copilot_lsp.agents.lookup import Known, count_mentions, look_up, name_at
from copilot_lsp.agents.markdown import cleaned, escape, fenced
from copilot_lsp.agents.outline import Outline, outline
from copilot_lsp.agents.prompt import RULE, as_data, excerpt, may_be_sent
from copilot_lsp.agents.request import Explain, Explanation
from copilot_lsp.agents.words import counted
from copilot_lsp.core.errors import ProviderError
from copilot_lsp.core.text import Position, Span
from copilot_lsp.providers.provider import Message
from copilot_lsp.providers.select import Choice
from copilot_lsp.syntax.symbols import Symbol
from copilot_lsp.telemetry import decisions

_TASK = (
    "You explain code to the programmer who works on it. Say in at most six short sentences what the code does and "
    "why it may be written like that; name anything surprising. Use Markdown without headings, images or links."
)
_ANSWER_TOKENS = 400
_CONTEXT_SHARE = 0.5
_LONGEST_DOC = 3_000


async def run(job: Job[Explain]) -> Explanation | None:
    """What is known about the name at the place; without one, and when more is asked for, the definition around."""
    started = time.monotonic()
    view, position = job.view, job.view.document.clamp(job.request.position)
    found = await outline(view)
    if found is None:
        return _decided(None, "nothing", "no grammar", started)
    around = symbol_around(found.symbols, position)
    named = name_at(found.tree, position)
    known = await look_up(view, found, *named) if named else None
    if known is None and job.request.model and around is not None:
        known = await look_up(view, found, around.name, around.name_span)
    facts = await _facts(job, found, known) if known else ""
    span = known.span if known else Span(position, position)
    if not job.request.model:
        return _decided(Explanation(facts, span) if facts else None, "symbols", "no model was asked for", started)
    choice = view.models.choice("chat") if may_be_sent(view, view.document) else None
    if choice is None:
        return _decided(Explanation(facts, span) if facts else None, "symbols", "no model may be asked", started)
    try:
        written = await _ask_model(job, choice, position, around, facts)
    except ProviderError as error:
        reason = f"the model failed: {type(error).__name__}"
        return _decided(Explanation(facts, span) if facts else None, "symbols", reason, started)
    markdown = "\n\n---\n\n".join(part for part in (facts, written.strip()) if part)
    return _decided(Explanation(markdown, span) if markdown else None, "model", "a chat model is ready", started)


def symbol_around(symbols: tuple[Symbol, ...], position: Position) -> Symbol | None:
    """The innermost definition around a place."""
    return next((symbol for symbol in reversed(symbols) if symbol.span.contains(position)), None)


async def _facts(job: Job[Explain], found: Outline, known: Known) -> str:
    """What syntax and symbols know, as Markdown that is safe to render."""
    mentions = (await count_mentions(job.view, (known.name,)))[known.name]
    details = [
        f"*{escape(known.kind.replace('_', ' '))}*" + (f" of {escape(known.container)}" if known.container else "")
    ]
    details.append(escape(f"{known.place.path}:{known.place.span.start.line + 1}"))
    details.append(counted(mentions, "mention"))
    if known.others > 0:
        details.append(f"{counted(known.others, 'other definition')} of this name")
    parts = [fenced(known.signature or known.name, found.tree.language.id), " · ".join(details)]
    if known.doc:
        # Two blanks at a line's end keep the author's line breaks.
        parts.append(escape(known.doc[:_LONGEST_DOC]).replace("\n", "  \n"))
    return "\n\n".join(parts)


async def _ask_model(job: Job[Explain], choice: Choice, position: Position, around: Symbol | None, facts: str) -> str:
    document = job.view.document
    code = excerpt(document, position, around, int(choice.model.context * _CONTEXT_SHARE))
    messages = [
        Message("system", f"{_TASK}\n{RULE}"),
        Message("user", f"{as_data('facts', facts)}\n{as_data('code', code)}\nExplain line {position.line + 1}."),
    ]
    text = ""
    async with aclosing(
        choice.provider.chat(messages, choice.model, replace(job.budget, tokens=_ANSWER_TOKENS))
    ) as stream:
        async for piece in cleaned(stream):
            text += piece
            job.emit(TextEvent(piece))
    return text


def _decided(answer: Explanation | None, choice: str, reason: str, started: float) -> Explanation | None:
    decisions.record(
        agent="explain",
        choice=choice if answer else "nothing",
        reason=reason,
        seconds=time.monotonic() - started,
    )
    return answer


AGENT = Agent(name="explain", needs=frozenset({"syntax", "index", "model"}), run=run)
