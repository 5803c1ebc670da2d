"""The completion popup: names that fit the typed prefix, and the best fill as its first entry."""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from copilot_lsp.agents.events import Event, FillsEvent
from copilot_lsp.agents.outline import outline
from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.request import Complete
from copilot_lsp.agents.view import View
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.document import Document
from copilot_lsp.core.fill import Fill, FillLimits
from copilot_lsp.core.text import Position, Span
from copilot_lsp.index import symbols as workspace_symbols
from copilot_lsp.syntax.scopes import names_in_scope

_PREFIX = re.compile(r"[^\W\d]\w*$")
_MEMBER = re.compile(r"([^\W\d]\w*)\s*(?:\.|->|::|\?\.)\s*(?:[^\W\d]\w*)?$")
_LIMIT = 60
# A popup shows about this many characters of a line.
_LABEL = 100
# The kind of what is only known as a word of the text.
_WORD = "text"
# Members are looked for in the document and in the ones opened last, however many are open.
_DOCUMENTS = 8
# Workspace names are offered from this many typed characters on; before that nearly all of them would fit.
_WORKSPACE_PREFIX = 2


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. `text` replaces `span`; `kind` is a symbol kind of the grammars or "fill"; best `rank` first.

    `fill` is what an entry of that kind fills in.
    """

    label: str
    kind: str
    span: Span
    text: str
    rank: float
    detail: str = ""
    data: Mapping[str, str] = field(default_factory=dict[str, str])
    fill: Fill | None = None


@dataclass(frozen=True, slots=True)
class ItemDetails:
    """What is shown beside the chosen entry."""

    detail: str
    markdown: str


async def completion(
    pool: Pool, view: View, position: Position, emit: Callable[[tuple[Item, ...]], None]
) -> tuple[Item, ...]:
    """The entries at a position. Names are emitted at once, then what the embedded engine would fill in; what a model
    fills in takes longer and is returned.

    Raises `Superseded` when a newer request for the same document came.
    """
    position = view.document.clamp(position)
    # In a thread: the names in scope of a 5,000-line file take 10 ms.
    names = await asyncio.to_thread(names_at, view, position)
    taken = {item.label for item in names}

    def fresh(fills: tuple[Fill, ...]) -> tuple[Item, ...]:
        items = tuple(item for fill in fills if (item := _fill_item(view.document, position, fill)).label not in taken)
        taken.update(item.label for item in items)
        return items

    def hear(event: Event) -> None:
        if isinstance(event, FillsEvent):
            emit(fresh(event.fills))

    if names:
        emit(names)
    settings = view.settings.completion
    fills = await pool.run(
        Complete(position, automatic=True, limits=FillLimits(settings.max_tokens, settings.max_lines)),
        view,
        key=("completion", view.session, view.document.uri),
        budget=seconds(settings.timeout, settings.context_tokens),
        emit=hear,
    )
    return fresh(fills)


def names_at(view: View, position: Position) -> tuple[Item, ...]:
    """Names that begin with what is typed before the cursor: members after a dot, else names in scope, then others.

    Pure and quick: it reads the newest complete tree, which may be a keystroke behind.
    """
    line = view.document.line(position.line)[: position.column]
    typed = match[0] if (match := _PREFIX.search(line)) else ""
    span = Span(Position(position.line, position.column - len(typed)), position)
    member = _MEMBER.search(line)
    if member:
        found = _members(view, member[1])
    elif typed:
        found = _names(view, position, typed)
    else:
        return ()
    items: dict[str, Item] = {}
    for order, (name, kind, detail) in enumerate(found):
        if name == typed or not _fits(name, typed):
            continue
        known = items.get(name)
        # A word of the text is where it belongs in the order; what it is, its definition elsewhere knows better.
        if known is None or known.kind == _WORD:
            rank = known.rank if known else _rank(name, typed, order)
            items[name] = Item(name, kind, span, name, rank, detail, _origin(name, kind, detail))
    return tuple(sorted(items.values(), key=lambda item: -item.rank)[:_LIMIT])


async def resolve_item(view: View, data: Mapping[str, str]) -> ItemDetails | None:
    """More about an entry: where it is defined and what its documentation says. None when nothing is known."""
    name, path = data.get("name", ""), data.get("path", "")
    here = await outline(view)
    for symbol in here.symbols if here and not path else ():
        if symbol.name == name:
            return ItemDetails(symbol.signature, symbol.doc)
    if view.project is None or not name:
        return None
    found = workspace_symbols.find(view.project.index, name, exclude=view.overlaid)
    best = next((one for one in found if one.path == path), found[0] if found else None)
    return best and ItemDetails(best.signature, f"{best.doc}\n\nDefined in `{best.path}`".strip())


def _names(view: View, position: Position, typed: str) -> Iterable[tuple[str, str, str]]:
    tree = view.subject.live.latest
    if tree is not None:
        for name in names_in_scope(tree, position):
            yield name.name, name.kind, ""
    for name in _words(view.document, position):
        yield name, _WORD, ""
    if view.project is not None and len(typed) >= _WORKSPACE_PREFIX:
        index = view.project.index
        for symbol in workspace_symbols.complete_prefix(index, typed, limit=_LIMIT, exclude=view.overlaid):
            yield symbol.name, symbol.kind, symbol.path


def _members(view: View, receiver: str) -> Iterable[tuple[str, str, str]]:
    """Names seen behind the same receiver in the open documents, the subject first."""
    pattern = re.compile(rf"\b{re.escape(receiver)}\s*(?:\.|->|::|\?\.)\s*([^\W\d]\w*)(\s*\()?")
    others = [one.document for uri, one in view.open.items() if uri != view.document.uri]
    for document in (view.document, *others[-_DOCUMENTS:]):
        for match in pattern.finditer(document.text):
            yield match[1], "method" if match[2] else "property", ""


def _words(document: Document, position: Position) -> Iterable[str]:
    """Words of the document, those near the position first."""
    near = range(max(0, position.line - 200), min(document.line_count, position.line + 200))
    order = sorted(near, key=lambda number: abs(number - position.line))
    for number in order:
        yield from re.findall(r"[^\W\d]\w{2,}", document.line(number))


def _fits(name: str, typed: str) -> bool:
    return name.lower().startswith(typed.lower())


def _rank(name: str, typed: str, order: int) -> float:
    """Names in the typed case before others, then in the order found."""
    return (1.0 if name.startswith(typed) else 0.0) + 1.0 / (order + 2)


def _origin(name: str, kind: str, detail: str) -> dict[str, str]:
    return {"name": name, "kind": kind, "path": detail}


def _fill_item(document: Document, position: Position, fill: Fill) -> Item:
    """The fill as an entry that begins with the typed word, so that clients which filter by prefix keep it."""
    line = document.line(position.line)[: position.column]
    typed = match[0] if (match := _PREFIX.search(line)) else ""
    span = Span(Position(position.line, position.column - len(typed)), fill.span.end)
    text = typed + fill.text
    label = text.strip().split("\n", 1)[0][:_LABEL]
    return Item(label, "fill", span, text, 10.0 + fill.confidence, fill.source, fill=fill)
