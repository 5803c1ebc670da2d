"""How often each definition is mentioned, shown above it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from copilot_lsp.agents.lookup import count_mentions
from copilot_lsp.agents.outline import outline
from copilot_lsp.agents.view import View
from copilot_lsp.agents.words import counted
from copilot_lsp.core.document import Document
from copilot_lsp.core.text import Span
from copilot_lsp.syntax.live import LiveTree

_KINDS = frozenset({"class", "interface", "struct", "enum", "trait", "function", "method"})
# An editor asks for the lenses on the screen only; a generated file may hold thousands of definitions.
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Lens:
    """A line of text above `span`. `title` is empty until it is resolved with `data`."""

    span: Span
    title: str = ""
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])


class _Counts:
    """The mentions of one document's definitions, counted together at the first lens that is resolved."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lock = asyncio.Lock()
        self.known: dict[str, int] | None = None


# Keyed by what the session owns: closing a document drops its entry, and no session finds another's.
_latest: WeakKeyDictionary[LiveTree, _Counts] = WeakKeyDictionary()


async def lenses(view: View) -> tuple[Lens, ...]:
    """One lens per definition, not counted yet; none in a document without a grammar."""
    found = await outline(view)
    symbols = found.symbols if found else ()
    return tuple(Lens(one.name_span, data={"name": one.name}) for one in symbols if one.kind in _KINDS)[:_MOST]


async def resolve_lens(view: View, data: Mapping[str, Any]) -> str:
    """The lens's text. Counting reads the names of all files, so all of the document's definitions are counted once."""
    name = data.get("name")
    if not isinstance(name, str):
        return ""
    counts = _latest.get(view.subject.live)
    if counts is None or counts.document is not view.document:
        counts = _latest[view.subject.live] = _Counts(view.document)
    async with counts.lock:
        if counts.known is None:
            names = dict.fromkeys(str(lens.data["name"]) for lens in await lenses(view))
            counts.known = await count_mentions(view, tuple(names))
    number = counts.known.get(name)
    return "" if number is None else counted(number, "mention")
