"""Where does the text before the cursor occur again, and how far does it agree on both sides?"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.lexer import NEWLINE, Gaps, Heads, Ids, head
from copilot_lsp.recall.near import SELF
from copilot_lsp.recall.query import LINE_TOKENS, Query
from copilot_lsp.recall.rows import Numbers, rows_at

# Agreement beyond so many tokens on a side does not make a place better than another.
_ENOUGH = 8
# Longer matches say nothing more about the next token.
DEPTH = 24
# The line ends behind more places than this are looked up among all.
_LOOKED_AT = 512
# Of more places than this those go first that differ soon.
_MANY, _SOON = 256, 3


class Source(Protocol):
    """A text that can be copied from: an open document, a saved file, or the corpus."""

    @property
    def ids(self) -> Ids: ...

    @property
    def gaps(self) -> Gaps: ...

    def text(self, first: int, stop: int) -> str:
        """The characters from token `first` up to, and without, token `stop`."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Tokens of one source before which the text is that before the cursor.

    Of each: `stops`, after how many tokens its line ends; how many tokens agree on the `left` of it and on the `right`
    of its line; `near`, 0 for the document itself and growing with the distance of the file; and whether it is
    `slotted`: another word stands there than the one that is typed in part.
    """

    source: Source
    at: Numbers
    stops: Numbers
    left: Numbers
    right: Numbers
    near: Numbers
    slotted: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """How many places of a source are wanted, and how many slotted ones."""

    fitting: int
    slotted: int


def agreement(ids: Ids, at: Numbers, context: Ids, step: int) -> Numbers:
    """For each token, how many agree with the context, going left from the one before (step -1) or right (step 1)."""
    first = at - 1 if step < 0 else at
    if len(at) <= _MANY:
        return _agreement(ids, first, context, step)
    # Most do not agree on the first few.
    lengths, alive = np.zeros(len(at), np.int64), np.arange(len(at))
    for depth in range(_SOON):
        fits = ids.take(first + step * depth, mode="clip") == context[depth]
        fitting = fits.nonzero()[0]
        alive, first = alive[fitting], first[fitting]
        lengths[alive] = depth + 1
    lengths[alive] = _agreement(ids, first, context, step)
    return lengths


def _agreement(ids: Ids, first: Numbers, context: Ids, step: int) -> Numbers:
    """The same for the tokens that are compared first."""
    # Behind the context stands what differs from everything.
    differs = np.ones((len(first), len(context) + 1), bool)
    if step < 0:
        np.not_equal(rows_at(ids, first - len(context) + 1, len(context)), context[::-1], out=differs[:, 1:])
    else:
        np.not_equal(rows_at(ids, first, len(context)), context, out=differs[:, :-1])
    return differs[:, ::step].argmax(axis=1)


def to_line_end(ids: Ids, at: Numbers) -> Numbers:
    """How many tokens of its line follow from each token on; -1 where they are too many to be copied."""
    ends = np.ones((len(at), LINE_TOKENS + 1), bool)
    np.equal(rows_at(ids, at, LINE_TOKENS), NEWLINE, out=ends[:, :-1])
    stops = ends.argmax(axis=1)
    stops[stops == LINE_TOKENS] = -1
    return stops


def best(
    source: Source,
    left: Numbers,
    stops: Numbers,
    at: Numbers,
    near: Numbers,
    slotted: NDArray[np.bool_],
    query: Query,
    limits: Limits,
) -> Places:
    """Of some places of a source, whose lines end after so many tokens, those that agree most: on the left, or on both
    sides.

    Lines that are too long to be copied are left out.
    """
    real = (stops >= 0) & (stops < LINE_TOKENS)
    if not real.all():
        at, near, stops, slotted, left = at[real], near[real], stops[real], slotted[real], left[real]
    right = agreement(source.ids, at + stops, query.right[:DEPTH], 1)
    if query.typed and left[~slotted].max(initial=0) > 1:
        # The word alone says nothing beside a place that agrees before it as well.
        some = (left > 0) | (right > 1)
        at, near, stops, slotted = at[some], near[some], stops[some], slotted[some]
        left, right = left[some], right[some]
    both = np.minimum(left, _ENOUGH) + np.minimum(right, _ENOUGH)
    # Of those that agree equally far the nearest come first. Bytes are sorted in half the time of longer numbers.
    first, second = (near - 8 * left + 8 * DEPTH).astype(np.uint8), (near - 8 * both + 8 * DEPTH).astype(np.uint8)
    chosen: list[Numbers] = []
    for kind, limit in ((~slotted, limits.fitting), (slotted, limits.slotted)):
        places = np.flatnonzero(kind)
        if len(places) > limit:
            some = np.zeros(len(at), bool)
            some[places[np.argsort(first[places], kind="stable")[: limit // 2]]] = True
            some[places[np.argsort(second[places], kind="stable")[:limit]]] = True
            places = np.flatnonzero(some)
        chosen.append(places)
    if sum(map(len, chosen)) < len(at):
        kept = np.concatenate(chosen)
        at, stops, left, right, near = (column[kept] for column in (at, stops, left, right, near))
        slotted = slotted[kept]
    return Places(source, at, stops, left, right, near, slotted)


class Scannable(Source, Protocol):
    """A source that is small enough to look at all its tokens."""

    @property
    def heads(self) -> Heads: ...


def scan(source: Scannable, query: Query, starts: Numbers, distances: Numbers, limits: Limits) -> Places:
    """The best places of a source, by looking at all its tokens: 20 µs for 50,000.

    `starts` are the first tokens of the source's files, `distances` how far each file is; a negative one hides it.
    """
    ids = source.ids
    before = np.flatnonzero(ids == query.left[0]) if query.left[0] else np.zeros(0, np.int64)
    at = before[before < len(ids) - 1] + 1
    slotted = np.zeros(len(at), bool)
    if query.typed:
        fitting = beginning_with(source, query.typed)
        others = at[~_marked(fitting, len(ids))[at]] if limits.slotted else at[:0]
        at = np.concatenate([fitting, others])
        slotted = np.arange(len(at)) >= len(fitting)
    if query.left[0] == NEWLINE and not query.typed:
        # Each place begins a line: the next one's end is that of the line.
        following = np.append(before, -1)[1 : len(at) + 1]
    else:
        following = _line_ends(ids, at)
    near = (
        distances[np.searchsorted(starts, at, side="right") - 1] if len(starts) > 1 else np.repeat(distances, len(at))
    )
    seen = near >= 0
    if distances[0] == SELF:
        seen &= (at < query.hole.start) | (at >= query.hole.stop)
    if not seen.all():
        at, near, slotted, following = at[seen], near[seen], slotted[seen], following[seen]
    left = agreement(ids, at, query.left[:DEPTH], -1)
    return best(source, left, following - at, at, near, slotted, query, limits)


def _line_ends(ids: Ids, at: Numbers) -> Numbers:
    """The line ends behind some tokens, -1 where there is none: of few by looking at what follows each."""
    if len(at) <= _LOOKED_AT:
        stops = to_line_end(ids, at)
        return np.where(stops < 0, -1, at + stops)
    ends = np.append(np.flatnonzero(ids == NEWLINE), -1)
    return ends[np.searchsorted(ends[:-1], at)]


def _marked(at: Numbers, size: int) -> NDArray[np.bool_]:
    """A table of so many flags, set at some places."""
    table = np.zeros(size, bool)
    table[at] = True
    return table


def beginning_with(source: Scannable, typed: str) -> Numbers:
    """The tokens that begin with a text: the heads leave few, of which each distinct one is looked at once."""
    wanted, mask = head(typed), 0xFFFF if len(typed) > 1 else 0xFF00
    likely = np.flatnonzero((source.heads & mask) == wanted)
    _, firsts, which = np.unique(source.ids[likely], return_index=True, return_inverse=True)
    begins = [source.text(place, place + 1).startswith(typed) for place in likely[firsts].tolist()]
    return likely[np.array(begins, bool)[which]]
