"""Where does the text before the cursor occur again, and how far does it agree on both sides?"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.lexer import NEWLINE, Gaps, Heads, Ids, head
from copilot_lsp.recall.near import SELF
from copilot_lsp.recall.query import LINE_TOKENS, Query

Numbers = NDArray[np.int64]

# Agreement beyond so many tokens on a side does not make a place better than another.
_ENOUGH = 8
# Longer matches say nothing more about the next token.
_DEPTH = 24


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
    of its line; and `near`, 0 for the document itself and growing with the distance of the file.
    """

    source: Source
    at: Numbers
    stops: Numbers
    left: Numbers
    right: Numbers
    near: Numbers


def agreement(ids: Ids, at: Numbers, context: Ids, step: int) -> Numbers:
    """For each token, how many agree with the context, going left from the one before (step -1) or right (step 1)."""
    lengths = np.zeros(len(at), np.int64)
    alive = np.arange(len(at))
    here = at - 1 if step < 0 else at
    for depth in range(len(context)):
        now = here[alive] + step * depth
        inside = (now >= 0) & (now < len(ids))
        alive, now = alive[inside], now[inside]
        alive = alive[ids[now] == context[depth]]
        if not len(alive):
            break
        lengths[alive] = depth + 1
    return lengths


def best(source: Source, ends: Ids, at: Numbers, near: Numbers, query: Query, limit: int) -> Places:
    """Of some places of a source, whose lines end at `ends`, those that agree most: on the left, or on both sides.

    Lines that are too long to be copied are left out.
    """
    if len(ends):
        following = np.searchsorted(ends, at.astype(ends.dtype))
        stops = ends[np.minimum(following, len(ends) - 1)].astype(np.int64) - at
    else:
        stops = np.full(len(at), -1)
    real = (stops >= 0) & (stops < LINE_TOKENS)
    at, near, stops = at[real], near[real], stops[real]
    left = agreement(source.ids, at, query.left[:_DEPTH], -1)
    right = agreement(source.ids, at + stops, query.right[:_DEPTH], 1)
    both = np.minimum(left, _ENOUGH) + np.minimum(right, _ENOUGH)
    if len(at) > limit:
        chosen = np.union1d(np.lexsort((near, -left))[: limit // 2], np.lexsort((near, -both))[:limit])
        at, stops, left, right, near = (column[chosen] for column in (at, stops, left, right, near))
    return Places(source, at, stops, left, right, near)


class Scannable(Source, Protocol):
    """A source that is small enough to look at all its tokens."""

    @property
    def heads(self) -> Heads: ...


def scan(source: Scannable, query: Query, starts: Numbers, distances: Numbers, limit: int) -> Places:
    """The best places of a source, by looking at all its tokens: 20 µs for 50,000.

    `starts` are the first tokens of the source's files, `distances` how far each file is; a negative one hides it.
    """
    ids = source.ids
    at = np.flatnonzero(ids[:-1] == query.left[0]) + 1 if query.left[0] else np.zeros(0, np.int64)
    near = distances[np.searchsorted(starts, at, side="right") - 1]
    seen = near >= 0
    if distances[0] == SELF:
        seen &= (at < query.hole.start) | (at >= query.hole.stop)
    at, near = at[seen], near[seen]
    if query.typed:
        fits = _beginning_with(source, at, query.typed)
        at, near = at[fits], near[fits]
    return best(source, np.flatnonzero(ids == NEWLINE).astype(np.uint32), at, near, query, limit)


def _beginning_with(source: Scannable, at: Numbers, typed: str) -> Numbers:
    """Which of some tokens begin with a text: the heads leave few, of which each distinct one is looked at once."""
    wanted, mask = head(typed), 0xFFFF if len(typed) > 1 else 0xFF00
    likely = np.flatnonzero((source.heads[at] & mask) == wanted)
    _, firsts, which = np.unique(source.ids[at[likely]], return_index=True, return_inverse=True)
    begins = [source.text(place, place + 1).startswith(typed) for place in at[likely[firsts]].tolist()]
    return likely[np.array(begins, bool)[which]]
