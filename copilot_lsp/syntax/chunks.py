"""Cut a document into the pieces that are embedded and retrieved as a whole."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from copilot_lsp.core.document import Document
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax.symbols import Symbol, symbols
from copilot_lsp.syntax.tree import SyntaxTree

# A piece of 1,600 characters is about 400 tokens: small enough for a precise match, large enough for most functions.
LARGEST = 1_600
_DEEPEST = 12
_WHOLE = frozenset(
    {
        "module",
        "namespace",
        "class",
        "interface",
        "struct",
        "enum",
        "trait",
        "function",
        "method",
        "constructor",
        "type",
        "macro",
        "heading",
        "table",
    }
)


class Piece(NamedTuple):
    """Some whole lines (or a part of one very long line) of at most `LARGEST` characters, and what defines them.

    Invariant: never empty, never crosses a top-level definition; pieces of one document do not overlap.
    """

    place: tuple[int, int, int, int]
    text: str
    name: str

    @property
    def span(self) -> Span:
        line, column, end_line, end_column = self.place
        return Span(Position(line, column), Position(end_line, end_column))


def pieces(tree: SyntaxTree) -> tuple[Piece, ...]:
    """The pieces of a parsed document: each small enough definition whole, larger ones by their members."""
    return pieces_of(tree, symbols(tree))


def pieces_of(tree: SyntaxTree, found: Sequence[Symbol]) -> tuple[Piece, ...]:
    """The same for a caller that has the symbols already."""
    whole = [symbol for symbol in found if symbol.kind in _WHOLE]
    comment = tuple(mark for mark in (tree.language.comment.line, *tree.language.comment.block[:1], "*", "@") if mark)
    return tuple(_region(tree.document, 0, tree.document.line_count, whole, "", comment, 0))


def plain_pieces(document: Document) -> tuple[Piece, ...]:
    """The pieces of a text without a grammar: paragraphs, joined up to the largest size."""
    return tuple(_loose(document, 0, document.line_count, ""))


def _region(
    document: Document, first: int, end: int, whole: list[Symbol], name: str, comment: tuple[str, ...], depth: int
) -> Iterator[Piece]:
    """The pieces of some lines: those of the outermost definitions in them, and of what is between."""
    at = first
    index = 0
    while index < len(whole):
        symbol = whole[index]
        start, stop = symbol.place[0], min(symbol.place[2] + 1, end)
        index += 1
        inner: list[Symbol] = []
        while index < len(whole) and whole[index].place[2:4] <= symbol.place[2:4]:
            inner.append(whole[index])
            index += 1
        if stop <= at:
            continue
        start = _with_comments(document, max(start, at), at, comment)
        yield from _loose(document, at, start, name)
        if depth < _DEEPEST and inner and _size(document, start, stop) > LARGEST:
            yield from _region(document, start, stop, inner, symbol.path, comment, depth + 1)
        else:
            yield from _loose(document, start, stop, symbol.path)
        at = stop
    yield from _loose(document, at, end, name)


def _with_comments(document: Document, line: int, first: int, comment: tuple[str, ...]) -> int:
    """The line where the comments and attributes directly above a line begin."""
    while line > first and document.line(line - 1).lstrip().startswith(comment):
        line -= 1
    return line


def _size(document: Document, first: int, end: int) -> int:
    starts = document.starts
    return (starts[end] if end < len(starts) else len(document.text)) - starts[first]


def _loose(document: Document, first: int, end: int, name: str) -> Iterator[Piece]:
    """Lines cut where it hurts least: not at all, else at blank lines, else anywhere between lines."""
    if first >= end:
        return
    if _size(document, first, end) <= LARGEST:
        yield from _piece(document, first, end, name)
        return
    cut = first
    blank = -1
    for line in range(first, end):
        if _size(document, cut, line + 1) > LARGEST and line > cut:
            stop = blank if blank > cut else line
            yield from _piece(document, cut, stop, name)
            cut = stop
        if not document.line(line).strip():
            blank = line + 1
    while cut < end and _size(document, cut, end) > LARGEST and end - cut > 1:
        yield from _piece(document, cut, cut + 1, name)
        cut += 1
    yield from _piece(document, cut, end, name)


def _piece(document: Document, first: int, end: int, name: str) -> Iterator[Piece]:
    """The lines without blank ones around them; a line that is too long by itself is cut into parts."""
    begin = document.starts[first]
    text = document.text[begin : begin + _size(document, first, end)]
    bare = text.rstrip()
    if not bare:
        return
    skipped = len(bare) - len(bare.lstrip())
    skipped = max(text.rfind("\n", 0, skipped), text.rfind("\r", 0, skipped)) + 1
    start, stop = begin + skipped, begin + len(bare)
    cuts = [*range(start, stop, LARGEST), stop] if stop - start > LARGEST else [start, stop]
    for one, after in pairwise(cuts):
        place, last = document.position(one), document.position(after)
        yield Piece((place.line, place.column, last.line, last.column), document.text[one:after], name)
