"""Where in the corpus file does a left context occur, and what is the text there?"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall import arrays
from copilot_lsp.recall.lexer import Gaps, Ids
from copilot_lsp.recall.match import Numbers, Places, agreement
from copilot_lsp.recall.order import SORTED_DEPTH
from copilot_lsp.recall.query import Query

# Of a context that is everywhere, so many places are looked at, evenly spread.
_SAMPLE = 2048
# A shorter stretch is searched by numpy at once, a longer one by halving.
_SHORT = 4096
# So few places are all looked at anyway: there is no use in telling which of them agree even further.
_FEW = 64


@dataclass(frozen=True, slots=True, eq=False)
class Mapped:
    """A corpus file in memory maps, written by `build`. `paths` and `digests` are those of its files, in order."""

    root: str
    paths: tuple[str, ...]
    digests: tuple[str, ...]
    ids: Ids
    gaps: Gaps
    starts: Ids
    order: Ids
    words: NDArray[np.uint8]
    word_ends: Ids
    word_ids: Ids
    word_order: Ids

    @property
    def size(self) -> int:
        """Bytes of the arrays."""
        arrays_of = (self.ids, self.gaps, self.starts, self.order, self.words, self.word_ends, self.word_ids)
        return sum(array.nbytes for array in arrays_of) + self.word_order.nbytes

    def text(self, first: int, stop: int) -> str:
        """The characters from token `first` up to, and without, token `stop`, as far as ids and blanks tell."""
        pieces: list[str] = []
        for index in range(first, min(stop, len(self.ids))):
            word, gap = self.word(int(self.ids[index])), int(self.gaps[index])
            pieces.append("\n" * (gap + 1) if word == "\n" else f"{' ' * gap}{word}")
        return "".join(pieces).lstrip(" ")

    def word(self, number: int) -> str:
        """The text of a token id."""
        at = int(np.searchsorted(self.word_ids, number, sorter=self.word_order))
        return self._spelled(int(self.word_order[min(at, len(self.word_order) - 1)]))

    def beginning_with(self, typed: str) -> Ids:
        """The ids of the words that begin with a text."""
        every = range(len(self.word_ids))
        first = bisect_left(every, typed, key=self._spelled)
        stop = bisect_right(every, typed, lo=first, key=lambda index: self._spelled(index)[: len(typed)])
        return self.word_ids[first:stop]

    def files_of(self, at: Numbers) -> Numbers:
        """The number of the file that each token belongs to."""
        return np.searchsorted(self.starts, at, side="right") - 1

    def places(self, query: Query, distances: Numbers, limit: int) -> Places:
        """The places with the longest left contexts, nearest files first. A negative distance hides a file."""
        wanted = np.sort(self.beginning_with(query.typed)) if query.typed else None
        taken: list[Numbers] = []
        known, inner = 0, (0, 0)
        for low, high in reversed(self._stretches(query.left)):
            at = self._sample(low, high, inner)
            inner = low, high
            if wanted is not None:
                at = at[_among(self.ids[np.minimum(at, len(self.ids) - 1)], wanted)]
            at = at[distances[self.files_of(at)] >= 0]
            taken.append(at)
            known += len(at)
            if known >= limit:
                break
        at = np.concatenate(taken) if taken else np.zeros(0, np.int64)
        left, near = agreement(self.ids, at, query.left, -1), distances[self.files_of(at)]
        best = np.lexsort((near, -left))[:limit]
        return Places(self, at[best], left[best], near[best])

    def _stretches(self, left: Ids) -> list[tuple[int, int]]:
        """The stretches of `order` whose places agree with the left context on 1, 2, ... tokens, down to a few
        places."""
        found: list[tuple[int, int]] = []
        low, high = 0, len(self.order)
        for depth, number in enumerate(left[:SORTED_DEPTH].tolist()):
            low, high = self._narrow(low, high, depth, number)
            if low >= high:
                break
            found.append((low, high))
            if high - low <= _FEW:
                break
        return found

    def _narrow(self, low: int, high: int, depth: int, number: int) -> tuple[int, int]:
        ids, places, back = self.ids, self.order, depth + 1
        if high - low <= _SHORT:
            # A place so near to the beginning that nothing stands there sorts before all others.
            at = places[low:high].astype(np.int64) - back
            keys = np.where(at >= 0, ids[np.maximum(at, 0)], 0)
            first, stop = np.searchsorted(keys, [number, number + 1])
            return low + int(first), low + int(stop)

        def key(index: int) -> int:
            at = int(places[index]) - back
            return int(ids[at]) if 0 <= at < len(ids) else 0

        first = bisect_left(range(high), number, lo=low, key=key)
        return first, bisect_right(range(high), number, lo=first, key=key)

    def _sample(self, low: int, high: int, inner: tuple[int, int]) -> Numbers:
        """Places of a stretch without those of the stretch inside it, which are known."""
        first, last = inner if inner[0] < inner[1] else (high, high)
        step = max(1, -(-(first - low + high - last) // _SAMPLE))
        at = np.concatenate([self.order[low:first:step], self.order[last:high:step]]).astype(np.int64)
        return np.minimum(at, len(self.ids) - 1)

    def _spelled(self, index: int) -> str:
        start = int(self.word_ends[index - 1]) if index else 0
        return self.words[start : int(self.word_ends[index])].tobytes().decode("utf-8", "surrogatepass")


def open_mapped(path: Path) -> Mapped:
    """A corpus file, checked. Raises `DamagedFile`, or OSError where there is none."""
    facts, found = arrays.read(path)
    paths, digests = zip(*facts["files"], strict=True) if facts["files"] else ((), ())
    return Mapped(facts["root"], tuple(paths), tuple(digests), **found)


def _among(ids: Ids, wanted: Ids) -> NDArray[np.bool_]:
    """Which ids are among the wanted ones, which are sorted and few."""
    if not len(wanted):
        return np.zeros(len(ids), bool)
    return wanted[np.minimum(np.searchsorted(wanted, ids), len(wanted) - 1)] == ids
