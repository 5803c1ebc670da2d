"""Which pieces of the workspace a model should see beside the document, packed into a token budget, best first."""

import asyncio
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from copilot_lsp.agents.outline import latest_outline
from copilot_lsp.agents.prompt import may_be_sent
from copilot_lsp.agents.view import OpenDocument, View
from copilot_lsp.core.document import Document
from copilot_lsp.core.errors import StoreError, Superseded
from copilot_lsp.core.fill import Chunk
from copilot_lsp.core.text import Position, Span
from copilot_lsp.index.changed import changed
from copilot_lsp.index.defined import Opened
from copilot_lsp.index.related import Subject, related
from copilot_lsp.index.similar import similar
from copilot_lsp.index.workspace import Workspace
from copilot_lsp.syntax import imports, queries, symbols
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.syntax.symbols import TYPES, definitions_at
from copilot_lsp.syntax.tree import SyntaxTree, search
from copilot_lsp.telemetry.span import span

_NAME = re.compile(r"[^\W\d]\w{2,}")
_UNFINISHED = re.compile(r"\w+$")
# Names close to the cursor say what is being written; further up they say what was written before.
_LINES_ABOVE = 12
_NAMES = 8
_LINES_LIKE = 20
# Without a tokenizer at hand; code of all measured languages lies between 3 and 4 characters a token.
_CHARACTERS_PER_TOKEN = 3.3
# What is found holds for whoever goes on typing in the line, but not for ever: the index may be filled meanwhile.
_SECONDS = 10.0
_SIMILAR = 4
# So likely is it that similar code, or what was edited just now, holds what is needed next: one in twenty.
_SIMILAR_SCORE, _EDITED_SCORE = 0.05, 0.08
_EDITED, _LARGEST_EDITED, _EDITED_HALF = 3, 1_600, 600.0
# So many documents, the ones opened last, are read for their definitions.
_READ = 16
_CHANGED_SECONDS = 30.0
# A chunk costs the name of its file and a line end besides its text.
_FRAME = 40


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for a place of one document, and when."""

    place: tuple[int, str, str, str]
    workspace: Workspace
    chunks: tuple[Chunk, ...]
    at: float


# Keyed by what the session owns: closing a document drops its entry, and no session finds another's.
_latest: WeakKeyDictionary[LiveTree, _Found] = WeakKeyDictionary()
_changed: WeakKeyDictionary[Workspace, tuple[float, tuple[str, ...]]] = WeakKeyDictionary()


async def gather(view: View, position: Position, *, tokens: int) -> tuple[Chunk, ...]:
    """Chunks that bear on the code around a position, within `tokens`, the best first; none without an index.

    They are the same from one letter to the next: the word that is being typed is not looked at.
    """
    if view.project is None:
        return ()
    document, position = view.document, view.document.clamp(position)
    # Whoever types along in a line asks for what was found for its beginning.
    line = document.line(position.line)
    start = document.starts[position.line]
    written = _UNFINISHED.sub("", line[: position.column])
    place = (position.line, document.text[:start], document.text[start + len(line) :], written)
    known = _latest.get(view.subject.live)
    now = time.monotonic()
    index = view.project.index
    if known is None or known.place != place or known.workspace is not index or now - known.at > _SECONDS:
        with span("agents.gather", language=document.language) as current:
            chunks = await _find(view, position, Position(position.line, len(written)))
            current.set(chunks=len(chunks))
        known = _latest[view.subject.live] = _Found(place, index, chunks, now)
    return pack(known.chunks, tokens)


async def _find(view: View, position: Position, written: Position) -> tuple[Chunk, ...]:
    """Everything that is retrieved for a place: definitions, what is being edited, similar code."""
    assert view.project is not None
    index = view.project.index
    try:
        tree = await view.tree()
    except Superseded:
        # The document has moved on; what is found for this version may still be of use.
        tree = None
    definitions, alike = await asyncio.to_thread(
        lambda: (_related(view, index, tree, position), _similar(view, index, written))
    )
    # What is outlined already is not shown again in full: that is for the ways in which it is used.
    alike = [
        one
        for one in alike
        if not any(one.path == other.path and one.span.overlaps(other.span) for other in definitions)
    ]
    edited = recently_edited(view, time.monotonic())
    return tuple(sorted((*definitions, *edited, *alike), key=lambda chunk: -chunk.score))


def _related(view: View, index: Workspace, tree: SyntaxTree | None, position: Position) -> tuple[Chunk, ...]:
    opened: dict[str, Opened | None] = {}
    for number, (uri, one) in enumerate(reversed(list(view.open.items()))):
        path = index.path_of(uri)
        if path is not None and uri != view.document.uri:
            known = latest_outline(one) if number < _READ and may_be_sent(view, one.document) else None
            opened[path] = Opened(known.symbols, known.imports, one.document.text) if known else None
    subject = Subject(view.document, tree, held(tree, position) if tree else Opened())
    return related(index, subject, position, opened, changed=_changed_files(index))


def held(tree: SyntaxTree, position: Position) -> Opened:
    """What a document defines and imports at its top, and what the function around a place imports by itself.

    The whole outline, with what is local to all of its functions, takes three times as long.
    """
    query = queries.outline(tree.language).query
    matches = search(query, tree.root, depth=tree.language.outline_depth)
    imported = imports.from_matches(tree, matches)
    byte = tree.offsets.byte(position)
    function = next((one for one in definitions_at(tree, position) if one.kind not in TYPES), None)
    if function is not None:
        begin = tree.offsets.byte(function.span.start)
        node = tree.root.descendant_for_byte_range(begin, max(begin, byte))
        local = imports.from_matches(tree, search(query, node)) if node else ()
        imported = (*imported, *(one for one in local if one not in imported))
    return Opened(symbols.from_matches(tree, matches), imported)


def _changed_files(index: Workspace) -> tuple[str, ...]:
    known = _changed.get(index)
    now = time.monotonic()
    if known is None or now - known[0] > _CHANGED_SECONDS:
        try:
            known = now, changed(index)
        except StoreError:
            # Whoever asks for definitions next hears of it.
            known = now, ()
        _changed[index] = known
    return known[1]


def recently_edited(view: View, now: float) -> tuple[Chunk, ...]:
    """The definitions in other open documents that were edited last, as they are now."""
    found: dict[tuple[str, Span], Chunk] = {}
    for edit in reversed(view.edits):
        one = view.open.get(edit.uri)
        if one is None or edit.uri == view.document.uri or not may_be_sent(view, one.document):
            continue
        span, name = _around(one, edit.edit.span.start)
        text = one.document.slice(span)
        if not text.strip() or (edit.uri, span) in found:
            continue
        age = max(0.0, now - edit.at)
        path = (view.project.index.path_of(edit.uri) if view.project else None) or edit.uri.rpartition("/")[2]
        score = _EDITED_SCORE * 0.5 ** (age / _EDITED_HALF)
        found[edit.uri, span] = Chunk(edit.uri, path, span, text, name, score, _ago(age))
        if len(found) == _EDITED:
            break
    return tuple(found.values())


def _around(one: OpenDocument, position: Position) -> tuple[Span, str]:
    """The smallest definition around a place that is not too long, else the lines next to it, with its name."""
    tree = one.live.latest
    for symbol in definitions_at(tree, position) if tree and tree.document is one.document else ():
        span = Span(Position(symbol.span.start.line, 0), symbol.span.end)
        if span.end.line > span.start.line and len(one.document.slice(span)) <= _LARGEST_EDITED:
            return span, symbol.path
    last = min(position.line + 8, one.document.line_count - 1)
    end = Position(last, min(len(one.document.line(last)), _LARGEST_EDITED))
    return Span(Position(max(0, position.line - 8), 0), end), ""


def _ago(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"edited {minutes} minute{'s' if minutes > 1 else ''} ago" if minutes else "edited just now"


def _similar(view: View, index: Workspace, position: Position) -> tuple[Chunk, ...]:
    """Code that is like the lines above a place, or shares rare names with them."""
    names, code = names_near(view.document, position), lines_like(view.document, position)
    found = similar(index, names, code, index.paths_of(view.overlaid), _SIMILAR)
    return tuple([replace(one, score=one.score * _SIMILAR_SCORE) for one in found])


def lines_like(document: Document, position: Position) -> str:
    """The lines up to a position that similar code is like."""
    return document.text[document.starts[max(0, position.line - _LINES_LIKE)] : document.offset(position)]


def names_near(document: Document, position: Position) -> tuple[str, ...]:
    """The names in the lines up to a position, nearest first, each once."""
    names: dict[str, None] = {}
    for number in range(position.line, max(-1, position.line - _LINES_ABOVE), -1):
        line = document.line(number)
        if number == position.line:
            line = line[: position.column]
        for name in reversed(_NAME.findall(line)):
            names.setdefault(name)
    return tuple(names)[:_NAMES]


def pack(chunks: Iterable[Chunk], tokens: int) -> tuple[Chunk, ...]:
    """The chunks that are worth most for their length as far as they fit, by score; one that does not fit is left out,
    not cut."""
    left = tokens * _CHARACTERS_PER_TOKEN
    packed: list[Chunk] = []
    for chunk in sorted(chunks, key=lambda chunk: -chunk.score / (len(chunk.text) + _FRAME)):
        if len(chunk.text) <= left:
            packed.append(chunk)
            left -= len(chunk.text)
    return tuple(sorted(packed, key=lambda chunk: -chunk.score))
