"""Cut a document into the pieces that are embedded and retrieved as a whole."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from copilot_lsp.core.document import Document
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax import queries, symbols
from copilot_lsp.syntax.language import Language
from copilot_lsp.syntax.symbols import Symbol
from copilot_lsp.syntax.tree import Match, SyntaxTree, search

# A piece of 1,600 characters is about 400 tokens: small enough for a precise match, large enough for most functions.
LARGEST = 1_600
_DEEPEST = 12
_WORD = re.compile(r"\w")
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
    matches = search(queries.outline(tree.language).query, tree.root, depth=tree.language.outline_depth)
    return from_matches(tree, matches, symbols.from_matches(tree, matches))


def from_matches(tree: SyntaxTree, matches: list[Match], found: Sequence[Symbol]) -> tuple[Piece, ...]:
    """The same for a caller that has the matches of an outline query and the symbols among them."""
    whole = [symbol for symbol in found if symbol.kind in _WHOLE]
    if chunks := _chunks(tree, matches):
        whole = sorted([*whole, *chunks], key=_outer_first)
    cut = _Cut(tree.document, _comment_marks(tree.language))
    cut.region(0, tree.document.line_count, whole, "", 0)
    return tuple(cut.pieces)


def _chunks(tree: SyntaxTree, matches: list[Match]) -> list[Symbol]:
    """What chunks.scm says is a piece although it defines nothing, in the form of a definition."""
    found: list[Symbol] = []
    for _, captures in matches:
        for node in captures.get("chunk", ()):
            name = tree.text_of(captures["name"][0]).strip("\"'`") if "name" in captures else ""
            start, end = tree.offsets.point(node.start_byte), tree.offsets.point(node.end_byte)
            found.append(Symbol(name, "chunk", "", "", "", (*start, *end, *start, start[1])))
    return found


def _outer_first(symbol: Symbol) -> tuple[int, int, int, int]:
    line, column, last, end, *_ = symbol.place
    return line, column, -last, -end


def plain_pieces(document: Document) -> tuple[Piece, ...]:
    """The pieces of a text without a grammar: paragraphs, joined up to the largest size."""
    cut = _Cut(document, ())
    cut.lines(0, document.line_count, "")
    return tuple(cut.pieces)


@cache
def _comment_marks(language: Language) -> tuple[str, ...]:
    """What a line begins with that belongs to the definition below it: comments and attributes."""
    marks = (language.comment.line, *language.comment.block[:1], "*", "@", *language.doc.skip)
    return tuple(mark for mark in marks if mark)


class _Cut:
    """The pieces of one document as they are cut. An indexer's hot path: 4 microseconds a piece."""

    def __init__(self, document: Document, marks: tuple[str, ...]) -> None:
        self.pieces: list[Piece] = []
        self._document = document
        self._text = document.text
        self._marks = marks
        # Invariant: `_bounds[n]` and `_bounds[n + 1]` bound line n, its line end included.
        self._bounds = (*document.starts, len(document.text))

    def region(self, first: int, end: int, whole: list[Symbol], name: str, depth: int) -> None:
        """Some lines: the outermost definitions in them, each by itself, and what is between."""
        at = first
        index = 0
        while index < len(whole):
            symbol = whole[index]
            start, _, last, column = symbol.place[:4]
            index += 1
            begin = index
            while index < len(whole) and whole[index].place[2:4] <= (last, column):
                index += 1
            stop = min(last + 1, end)
            if stop <= at:
                continue
            start = self._with_comments(max(start, at), at)
            if start > at:
                self.lines(at, start, name)
            if index > begin and depth < _DEEPEST and self._bounds[stop] - self._bounds[start] > LARGEST:
                self.region(start, stop, whole[begin:index], symbol.path, depth + 1)
            else:
                self.lines(start, stop, symbol.path)
            at = stop
        self.lines(at, end, name)

    def lines(self, first: int, end: int, name: str) -> None:
        """Lines cut where it hurts least: not at all, else at blank lines, else anywhere between lines."""
        bounds = self._bounds
        while bounds[end] - bounds[first] > LARGEST:
            stop = max(first + 1, bisect_right(bounds, bounds[first] + LARGEST, first, end) - 1)
            stop = self._after_blank(first, stop)
            self._add(first, stop, name)
            first = stop
        if first < end:
            self._add(first, end, name)

    def _after_blank(self, first: int, stop: int) -> int:
        """The line after the last blank one between two lines, the second one when there is none."""
        for line in range(stop - 1, first, -1):
            if self._text[self._bounds[line] : self._bounds[line + 1]].isspace():
                return line + 1
        return stop

    def _with_comments(self, line: int, first: int) -> int:
        """The line where the comments and attributes directly above a line begin."""
        while line > first and self._document.line(line - 1).lstrip().startswith(self._marks):
            line -= 1
        return line

    def _add(self, first: int, end: int, name: str) -> None:
        """Lines without blank ones around them; a line that is too long by itself is cut into parts."""
        bounds = self._bounds
        begin = bounds[first]
        text = self._text[begin : bounds[end]].rstrip()
        if not _WORD.search(text):
            return  # A closing bracket that was left over says nothing to anyone.
        while text[0].isspace() and (blank := self._text[begin : bounds[first + 1]]).isspace():
            text = text[len(blank) :]
            first += 1
            begin = bounds[first]
        if len(text) <= LARGEST:
            stop = begin + len(text)
            last = bisect_right(bounds, stop, first, end) - 1
            self.pieces.append(Piece((first, 0, last, stop - bounds[last]), text, name))
            return
        for start in range(begin, begin + len(text), LARGEST):
            stop = min(start + LARGEST, begin + len(text))
            line = bisect_right(bounds, start, first) - 1
            last = bisect_right(bounds, stop, line, end) - 1
            place = (line, start - bounds[line], last, stop - bounds[last])
            self.pieces.append(Piece(place, text[start - begin : stop - begin], name))
