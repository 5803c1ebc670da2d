"""Where does the text before the cursor occur again, and how far does it agree on both sides?"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.lexer import Gaps, Heads, Ids, head
from copilot_lsp.recall.near import SELF
from copilot_lsp.recall.query import Query

Numbers = NDArray[np.int64]


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

    `left` counts how many tokens agree; `near` is 0 for the document itself and grows with the distance of the file.
    """

    source: Source
    at: Numbers
    left: Numbers
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


class Scannable(Source, Protocol):
    """A source that is small enough to look at all its tokens."""

    @property
    def heads(self) -> Heads: ...


def scan(source: Scannable, query: Query, starts: Numbers, distances: Numbers, limit: int) -> Places:
    """The best places of a source, by looking at all its tokens: 20 µs for 50,000.

    `starts` are the first tokens of the source's files, `distances` how far each file is; a negative one hides it.
    """
    ids = source.ids
    at = np.flatnonzero(ids[:-1] == query.left[0]) + 1 if len(query.left) else np.zeros(0, np.int64)
    near = distances[np.searchsorted(starts, at, side="right") - 1]
    seen = near >= 0
    if distances[0] == SELF:
        seen &= (at < query.hole.start) | (at >= query.hole.stop)
    at, near = at[seen], near[seen]
    if query.typed:
        fits = _beginning_with(source, at, query.typed)
        at, near = at[fits], near[fits]
    left = agreement(ids, at, query.left, -1)
    best = np.lexsort((near, -left))[:limit]
    return Places(source, at[best], left[best], near[best])


def _beginning_with(source: Scannable, at: Numbers, typed: str) -> Numbers:
    """Which of some tokens begin with a text: the heads leave few, of which each distinct one is looked at once."""
    wanted, mask = head(typed), 0xFFFF if len(typed) > 1 else 0xFF00
    likely = np.flatnonzero((source.heads[at] & mask) == wanted)
    _, firsts, which = np.unique(source.ids[at[likely]], return_index=True, return_inverse=True)
    begins = [source.text(place, place + 1).startswith(typed) for place in at[likely[firsts]].tolist()]
    return likely[np.array(begins, bool)[which]]
