"""What does a fill request ask for, in tokens?"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.core.fill import FillRequest
from copilot_lsp.core.text import Position
from copilot_lsp.recall.lexer import NEWLINE, Ids, token_id, words
from copilot_lsp.recall.tokens import Tokens

# The longest left and right context that is looked at.
AROUND = 40
# The longest line, in tokens, that is looked at as a whole.
LINE_TOKENS = 40
# How many tokens on each side are near the place, and how many are known to a reader who comes to it.
_WIDE = 6000
# The blocks around a place are looked for so many tokens above it.
_BLOCK = 1500
_CLOSERS = frozenset(map(token_id, ")]}"))
# Bits of an id that tell it from others in a small and in a large set.
_FEW, _MANY = 13, 16
# Operators that may become longer ones.
_BEGINNINGS = frozenset("!=<>+-*/%&|^:?")


@dataclass(frozen=True, slots=True, eq=False)
class IdSet:
    """A set of ids that may hold a few others too: a table by their last bits, 20 times as fast as a search."""

    table: NDArray[np.bool_]

    def has(self, ids: Ids) -> NDArray[np.bool_]:
        return self.table[ids & np.uint32(len(self.table) - 1)]


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """The place to fill, seen by the matcher.

    `left` holds the ids before the place, nearest first; `typed` is the part of a word before the cursor that the first
    token must begin with (empty: none; `left` then ends before that word). `rest` is what follows on the line, `right`
    the ids from the end of the line on; both sides are padded with zeros. `followed` says that there is text after the
    line. `hole` are the tokens of the document's own line, which nobody copies from. `indent` counts the blanks that
    the line begins with, `above` and `below` those of the nearest lines that are not blank; `blank` says that there is
    nothing else before the cursor, `spaced` that blanks before the first token would be doubled, `touching` that the
    cursor touches the end of a word. `around_left` and `around_right` are the ids near the place on each side, and
    `known` those of the document in a wider circle; `blocks` are those above the place in its block, with the line that
    begins it, and in the block around that one.
    """

    left: Ids
    typed: str
    rest: tuple[int, ...]
    right: Ids
    followed: bool
    hole: range
    indent: int
    above: int
    below: int
    blank: bool
    spaced: bool
    touching: bool
    around_left: IdSet
    around_right: IdSet
    known_above: IdSet
    known_below: IdSet
    line: IdSet
    blocks: tuple[IdSet, IdSet]


def queries(request: FillRequest, tokens: Tokens) -> tuple[Query, ...]:
    """The readings of a place: after `foo` a new token may follow, or `foo` itself may be a part of a longer word."""
    document = request.document
    start, end = document.clamp(request.span.start), document.clamp(request.span.end)
    head = document.line(start.line)[: start.column]
    rest = document.line(end.line)[end.column :]
    first = tokens.index_at(document.offset(Position(start.line, 0)))
    last = tokens.index_at(document.offset(end) + len(rest))
    before = words(head)
    ids = [token_id(word) for word in before]
    words_of_rest = list(map(token_id, words(rest)))
    above, below = tokens.ids[max(0, first - AROUND) : first], tokens.ids[last : last + AROUND]
    wide = tokens.ids[max(0, first - _WIDE) : first], tokens.ids[last : last + _WIDE]
    ended = last < len(tokens.ids) and tokens.ids[last] == NEWLINE
    following = last + int(ended)
    spaced = not head or head[-1].isspace()
    touching = not spaced and (before[-1][-1].isalnum() or before[-1][-1] == "_" or before[-1] in _BEGINNINGS)
    whole = Query(
        left=_backwards(tokens.ids[:first], ids),
        typed="",
        rest=tuple(words_of_rest),
        followed=bool((tokens.ids[last : last + AROUND] != NEWLINE).any()),
        right=_forwards(tokens.ids[last : last + AROUND + 1]),
        hole=range(first, following),
        indent=len(head) - len(head.lstrip()),
        above=_indent_above(tokens, first),
        below=int(tokens.gaps[following]) if following < len(tokens.ids) else 0,
        blank=not before,
        spaced=spaced,
        touching=touching,
        around_left=id_set(_FEW, above, np.array(ids, np.uint32)),
        around_right=id_set(_FEW, below),
        known_above=id_set(_MANY, wide[0], np.array(ids, np.uint32)),
        known_below=id_set(_MANY, wide[1], np.array(words_of_rest, np.uint32)),
        line=id_set(_FEW, np.array(ids, np.uint32)),
        blocks=_blocks(tokens, first, len(head) - len(head.lstrip()), np.array(ids, np.uint32)),
    )
    if not touching:
        return (whole,)
    return (replace(whole, left=_backwards(tokens.ids[:first], ids[:-1]), typed=before[-1], spaced=True), whole)


def id_set(bits: int, *several: Ids) -> IdSet:
    found = np.zeros(1 << bits, bool)
    for ids in several:
        found[ids & np.uint32((1 << bits) - 1)] = True
    return IdSet(found)


def _blocks(tokens: Tokens, first: int, indent: int, line: Ids) -> tuple[IdSet, IdSet]:
    """The ids of the block that the line belongs to and of the one around it, as indentation tells; lines that begin
    with a closing bracket begin nothing.
    """
    begin = max(0, first - _BLOCK)
    starts = np.flatnonzero(tokens.ids[begin:first] == NEWLINE)[:-1] + begin + 1
    found: list[int] = []
    for start, gap in zip(starts[::-1].tolist(), tokens.gaps[starts[::-1]].tolist(), strict=True):
        if gap < indent and int(tokens.ids[start]) not in _CLOSERS:
            indent = gap
            found.append(start)
            if len(found) == 2 or gap == 0:
                break
    inner, outer = found[0] if found else begin, found[-1] if found else begin
    return id_set(_FEW, tokens.ids[inner:first], line), id_set(_FEW, tokens.ids[outer:first], line)


def _indent_above(tokens: Tokens, first: int) -> int:
    """The blanks before the first token of the last line that ends before token `first`."""
    begin = max(0, first - 1 - LINE_TOKENS)
    ends = np.flatnonzero(tokens.ids[begin : max(0, first - 1)] == NEWLINE)
    start = begin + int(ends[-1]) + 1 if len(ends) else begin
    return int(tokens.gaps[start]) if start < first else 0


def _backwards(above: Ids, ids: list[int]) -> Ids:
    near = np.array(ids[-AROUND:], np.uint32)[::-1]
    return _padded(np.concatenate([near, above[::-1][: AROUND - len(near)]]))


def _forwards(ids: Ids) -> Ids:
    """What follows begins with a line end, also where blank lines have swallowed it."""
    if len(ids) and ids[0] == NEWLINE:
        return _padded(ids[:AROUND])
    return _padded(np.concatenate([np.array([NEWLINE], np.uint32), ids[: AROUND - 1]]))


def _padded(ids: Ids) -> Ids:
    """Beyond the ends of the document stand zeros, which no token has for its id."""
    found = np.zeros(AROUND, np.uint32)
    found[: len(ids)] = ids
    return found
