"""The contract of a filter, and the one road on which every fill passes all of them before it is shown.

A filter is one file in `filters/` that exports one `FILTER`: a name (also its module's), a place in the order, and a
coroutine function `check(place, text) -> str`. It answers with the text as it got it (nothing to say), with a shorter
or corrected one (a repair), or with "" (never show this). It gets the text as the filters before it left it, knows
nothing about them, and keeps nothing between calls. Most need no `await`; those that want to know how the document
would parse ask `place.errors(text)`, which parses each text once however many ask.

Orders: below 20 are filters of what must not be seen, which look at the text as it came; below 40 repairs of how a
text meets what stands around it; from 40 on checks of the result, the cheapest first.

The same filters hold for a model's text and for the embedded engine's. What a filter takes away counts in the metric
`filtered_total`. A filter must be right about what it takes away: of a thousand texts that are exactly what the user
would have written at most five may be touched by all filters together; `python -m bench filters` counts them.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, cast

from copilot_lsp.core import registry
from copilot_lsp.core.document import Document
from copilot_lsp.core.fill import Fill
from copilot_lsp.core.text import Span
from copilot_lsp.recall.settings import SOURCE
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.language import Language
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.syntax.tree import SyntaxTree
from copilot_lsp.syntax.trial import Trial, trial
from copilot_lsp.telemetry import metrics
from copilot_lsp.telemetry.span import span

if TYPE_CHECKING:
    from copilot_lsp.agents.view import View

# How long a fill waits for the very first tree of a document: what is typed right after opening a long file is shown
# unparsed rather than late.
_PATIENCE = 0.05
# Filters that took so many seconds of CPU one after the other give the event loop a turn.
_SLICE = 0.001


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fill goes: the document without it, the span that it replaces, and the text around that.

    `head` is the cursor's line up to the span, `rest` is what stands behind it in its last line. `trial` is None
    where nothing can be parsed: an unknown language, a file beyond the limits or one that was opened just now.
    """

    document: Document
    span: Span
    trial: Trial | None
    head: str = field(init=False)
    rest: str = field(init=False)

    def __post_init__(self) -> None:
        document, start, end = self.document, self.span.start, self.span.end
        object.__setattr__(self, "head", document.line(start.line)[: start.column])
        object.__setattr__(self, "rest", document.line(end.line)[end.column :])

    @property
    def language(self) -> Language | None:
        """The document's language, None where its grammar is not known."""
        return languages.known(self.document.language)

    def above(self, count: int) -> list[str]:
        """The last lines above the cursor's that are not blank, nearest first, without blanks at their ends."""
        return list(islice(self.going_up(), count))

    def going_up(self) -> Iterator[str]:
        """All of those, for whoever does not know how many he needs."""
        return self._lines(range(self.span.start.line - 1, -1, -1))

    def outwards(self) -> Iterator[str]:
        """The same, of those that a syntax tree does not say to be apart from the place: a class may be long."""
        document, line = self.document, self.span.start.line
        if self.trial is not None:
            document, line = self.trial.document, self.trial.span.start.line
        return (found for number in range(line - 1, -1, -1) if (found := document.line(number).rstrip()))

    def below(self, count: int) -> list[str]:
        """The first lines below the span's that are not blank, nearest first, without blanks at their ends."""
        return list(islice(self._lines(range(self.span.end.line + 1, self.document.line_count)), count))

    def _lines(self, numbers: range) -> Iterator[str]:
        return (line for number in numbers if (line := self.document.line(number).rstrip()))

    async def tree(self, text: str) -> SyntaxTree | None:
        """The tree of the document with this text ("": as it is); None where nothing can be parsed, or not in time."""
        return await self.trial.tree(text) if self.trial else None

    async def errors(self, text: str) -> int | None:
        """How many syntax errors the document has with this text, as far as it is complete; None as for `tree`."""
        return await self.trial.errors(text) if self.trial else None

    async def raises(self, text: str) -> bool | None:
        """Whether the document has more syntax errors with this text than without it; None as for `tree`."""
        return await self.trial.raises(text) if self.trial else None


@dataclass(frozen=True, slots=True)
class Filter:
    """One reason not to show a text, or not all of it."""

    name: str
    order: int
    check: Callable[[Place, str], Awaitable[str]]


async def passed(view: "View", fills: Iterable[Fill]) -> tuple[Fill, ...]:
    """What may be shown of these fills of the view's document, which may have moved on since the view was taken."""
    fills = tuple(fills)
    return await sifted(view.document, view.subject.live, fills) if fills else ()


async def sifted(document: Document, live: LiveTree, fills: Iterable[Fill]) -> tuple[Fill, ...]:
    """What may be shown of the fills of a document whose trees are kept there, in their order and without doubles."""
    kept: dict[tuple[Span, str], Fill] = {}
    places: dict[Span, Place] = {}
    with span("agents.filter", language=document.language) as current:
        for fill in fills:
            if fill.span not in places:
                tries = await trial(live, document, fill.span, patience=_PATIENCE)
                places[fill.span] = Place(document, fill.span, tries)
            text = await _filtered(places[fill.span], fill)
            if text:
                kept.setdefault((fill.span, text), fill if text == fill.text else replace(fill, text=text))
        current.set(hits=len(kept))
    return tuple(kept.values())


async def _filtered(place: Place, fill: Fill) -> str:
    """What the filters leave of a fill's text."""
    text = fill.text
    begin = time.thread_time()
    for one in _filters():
        if time.thread_time() - begin > _SLICE:
            await asyncio.sleep(0)
            begin = time.thread_time()
        left = await one.check(place, text)
        if left != text:
            source = "engine" if fill.source == SOURCE else "model"
            outcome = "repaired" if left else "rejected"
            metrics.count("filtered_total", filter=one.name, outcome=outcome, source=source)
        if not left:
            return ""
        text = left
    return text


@cache
def _filters() -> tuple[Filter, ...]:
    """All filters in their order."""
    found = [cast("Filter", registry.load("filter", name)) for name in registry.names("filter")]
    return tuple(sorted(found, key=lambda one: one.order))
