"""What does a fill request ask for, in tokens?"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.core.fill import FillRequest
from copilot_lsp.core.text import Position
from copilot_lsp.recall.lexer import NEWLINE, Ids, token_id, words
from copilot_lsp.recall.tokens import Tokens

# The longest left and right context that is compared; longer matches say nothing more about the next token.
DEPTH = 24
# The longest line, in tokens, that is looked at as a whole.
LINE_TOKENS = 40
# How many tokens on each side are near the place, and how many are known to a reader who comes to it.
_NEAR, _WIDE = 40, 6000
_SET_SIZE = 1 << 18


@dataclass(frozen=True, slots=True, eq=False)
class IdSet:
    """A set of ids that may hold a few others too: a table by their last bits, 20 times as fast as a search."""

    table: NDArray[np.bool_]

    def has(self, ids: Ids) -> NDArray[np.bool_]:
        return self.table[ids % _SET_SIZE]


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """The place to fill, seen by the matcher.

    `left` holds the ids before the place, nearest first; `typed` is the part of a word before the cursor that the first
    token must begin with (empty: none; `left` then ends before that word). `rest` is what follows on the line, `right`
    the ids from the end of the line on. `hole` are the tokens of the document's own line, which nobody copies from.
    `indent` counts the blanks that the line begins with, `above` those of the line before it that is not blank; `blank`
    says that there is nothing else before the cursor, `spaced` that blanks before the first token would be doubled,
    `touching` that the cursor touches the end of a word. `around_left` and `around_right` are the ids near the place on
    each side, and `known` those of the document in a wider circle.
    """

    left: Ids
    typed: str
    rest: tuple[int, ...]
    right: Ids
    hole: range
    indent: int
    above: int
    blank: bool
    spaced: bool
    touching: bool
    around_left: IdSet
    around_right: IdSet
    known: IdSet


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
    above, below = tokens.ids[max(0, first - _NEAR) : first], tokens.ids[last : last + _NEAR]
    wide = tokens.ids[max(0, first - _WIDE) : first], tokens.ids[last : last + _WIDE]
    spaced = not head or head[-1].isspace()
    touching = not spaced and (before[-1][0].isalpha() or before[-1][0] == "_")
    whole = Query(
        left=_backwards(tokens.ids[:first], ids),
        typed="",
        rest=tuple(map(token_id, words(rest))),
        right=_forwards(tokens.ids[last : last + DEPTH + 1]),
        hole=range(first, last + 1),
        indent=len(head) - len(head.lstrip()),
        above=_indent_above(tokens, first),
        blank=not before,
        spaced=spaced,
        touching=touching,
        around_left=_id_set(above, np.array(ids, np.uint32)),
        around_right=_id_set(below),
        known=_id_set(*wide, np.array(ids, np.uint32)),
    )
    if not touching:
        return (whole,)
    return (replace(whole, left=_backwards(tokens.ids[:first], ids[:-1]), typed=before[-1], spaced=True), whole)


def _id_set(*several: Ids) -> IdSet:
    found = np.zeros(_SET_SIZE, bool)
    for ids in several:
        found[ids % _SET_SIZE] = True
    return IdSet(found)


def _indent_above(tokens: Tokens, first: int) -> int:
    """The blanks before the first token of the last line that ends before token `first`."""
    begin = max(0, first - 1 - LINE_TOKENS)
    ends = np.flatnonzero(tokens.ids[begin : max(0, first - 1)] == NEWLINE)
    start = begin + int(ends[-1]) + 1 if len(ends) else begin
    return int(tokens.gaps[start]) if start < first else 0


def _backwards(above: Ids, ids: list[int]) -> Ids:
    near = np.array(ids[-DEPTH:], np.uint32)
    far = above[max(0, len(above) - DEPTH + len(near)) :]
    return np.concatenate([near[::-1], far[::-1]])


def _forwards(ids: Ids) -> Ids:
    """What follows begins with a line end, also where blank lines have swallowed it."""
    if len(ids) and ids[0] == NEWLINE:
        return ids[:DEPTH]
    return np.concatenate([np.array([NEWLINE], np.uint32), ids[: DEPTH - 1]])
