"""Writes the doc comment of a definition: in a chat model's words where one is ready, else from what the tree says."""

import re
import time
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from copilot_lsp.agents.agent import Agent, Job
from copilot_lsp.agents.markdown import visible
from copilot_lsp.agents.outline import outline
from copilot_lsp.agents.prompt import RULE, as_data, excerpt, may_be_sent
from copilot_lsp.agents.request import WriteDoc
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.errors import ProviderError
from copilot_lsp.core.text import Position
from copilot_lsp.providers.provider import Message
from copilot_lsp.providers.select import Choice
from copilot_lsp.syntax.docs import Facts, doc_edit, doc_of, facts
from copilot_lsp.syntax.language import DocStyle
from copilot_lsp.syntax.symbols import Symbol
from copilot_lsp.telemetry import decisions

_TASK = (
    "You document code. Answer with one line per fact and nothing else:\n"
    "summary: what it does, in one sentence of at most 20 words\n"
    "NAME: what the parameter NAME is, in at most 12 words (one line for each parameter)\n"
    "returns: what it returns, in at most 12 words (only when it returns something)"
)
_ANSWER_TOKENS = 300
_CONTEXT_SHARE = 0.5
_LONGEST_LINE = 160
_LINE = re.compile(r"\s*[-*]?\s*`?([^\W\d]\w*)`?\s*:\s*(.+?)\s*")


@dataclass(frozen=True, slots=True)
class Words:
    """What is to be said about a definition; empty texts are filled from its names."""

    summary: str = ""
    parameters: dict[str, str] = field(default_factory=dict[str, str])
    returns: str = ""


async def run(job: Job[WriteDoc]) -> tuple[Edit, ...]:
    """The edits that document the definition around the place; none where it is documented or has no convention."""
    started = time.monotonic()
    view, position = job.view, job.view.document.clamp(job.request.position)
    found = await outline(view)
    symbol = documentable(found.symbols, position) if found else None
    if found is None or symbol is None or doc_of(found.tree, symbol):
        return _decided((), "nothing", "no undocumented definition here", started)
    known = facts(found.tree, symbol)
    words, choice, reason = Words(), "names", "no model may be asked"
    chat = view.models.choice("chat") if may_be_sent(view, view.document) else None
    if chat is not None:
        try:
            words = checked(await _ask_model(job, chat, symbol), known, found.tree.language.doc)
            choice, reason = ("model", "a chat model is ready") if words.summary else ("names", "no usable answer")
        except ProviderError as error:
            reason = f"the model failed: {type(error).__name__}"
    edit = doc_edit(found.tree, symbol, words.summary, parameters=words.parameters, result=words.returns)
    return _decided((edit,) if edit else (), choice, reason, started)


def documentable(symbols: tuple[Symbol, ...], position: Position) -> Symbol | None:
    """The innermost definition around a place that documentation is written for."""
    kinds = ("class", "interface", "struct", "enum", "trait", "function", "method", "constructor")
    return next((one for one in reversed(symbols) if one.kind in kinds and one.span.contains(position)), None)


def checked(answer: str, known: Facts, style: DocStyle) -> Words:
    """What of a model's answer can be used: lines about what there is, short, and unable to end the comment."""
    names = {parameter.name for parameter in known.parameters}
    said: dict[str, str] = {}
    for line in visible(answer).splitlines():
        match = _LINE.fullmatch(line)
        if match and _usable(match[2], style):
            said.setdefault(match[1], match[2])
    summary = said.get("summary", "")
    return Words(summary, {name: said[name] for name in names & said.keys()}, said.get("returns", ""))


def _usable(text: str, style: DocStyle) -> bool:
    marks = {mark for pair in style.delimiters for mark in pair if len(mark) > 1 and not mark.isalnum()}
    return len(text) <= _LONGEST_LINE and not any(mark in text for mark in marks) and "\\" not in text


async def _ask_model(job: Job[WriteDoc], choice: Choice, symbol: Symbol) -> str:
    code = excerpt(job.view.document, symbol.span.start, symbol, int(choice.model.context * _CONTEXT_SHARE))
    messages = [Message("system", f"{_TASK}\n{RULE}"), Message("user", as_data("code", code))]
    budget = replace(job.budget, tokens=_ANSWER_TOKENS)
    text = ""
    async with aclosing(choice.provider.chat(messages, choice.model, budget)) as stream:
        async for piece in stream:
            text += piece
    return text


def _decided(edits: tuple[Edit, ...], choice: str, reason: str, started: float) -> tuple[Edit, ...]:
    decisions.record(agent="document", choice=choice, reason=reason, seconds=time.monotonic() - started)
    return edits


AGENT = Agent(name="document", needs=frozenset({"syntax", "model"}), run=run)
