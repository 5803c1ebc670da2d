"""Where in the corpus file does a left context occur, and what is the text there?"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall import arrays
from copilot_lsp.recall.lexer import NEWLINE, Gaps, Ids
from copilot_lsp.recall.match import DEPTH, Limits, Numbers, Places, agreement, best, to_line_end
from copilot_lsp.recall.order import SORTED_DEPTH
from copilot_lsp.recall.query import LINE_TOKENS, Query, id_set
from copilot_lsp.recall.rows import rows_at

# Of a context that is everywhere, so many places are looked at, evenly spread.
_SAMPLE = 2048
# Where any word may follow, so many times as many places are compared as are wanted.
_TIMES = 16
# Of more places than these those go first that agree least on the left.
_COMPARED = 640
# Of the lines before what stands below so many are looked at.
_FOLLOWED = 128
# So few places are all looked at anyway: there is no use in telling which of them agree even further.
_FEW = 64
# Bits of an id that rule out most of those that are not wanted.
_WANTED_BITS = 13
# With so many tokens after the cursor's line places are looked for, the first that finds any.
_AFTER = (16, 8, 4, 2)


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """The beginnings of lines before some text, a row for each line, from its last token on to the left: the tokens,
    those before them, and which belong to the line.
    """

    at: Numbers
    before: Ids
    inside: NDArray[np.bool_]


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
    grams: NDArray[np.uint16]
    before_ids: Ids
    before_firsts: Ids

    @property
    def size(self) -> int:
        """Bytes of the arrays."""
        columns = (self.ids, self.gaps, self.starts, self.order, self.words, self.word_ends, self.word_ids)
        return sum(array.nbytes for array in (*columns, self.word_order, self.grams, self.before_ids))

    def text(self, first: int, stop: int) -> str:
        """The characters from token `first` up to, and without, token `stop`, as far as ids and blanks tell."""
        pieces: list[str] = []
        for index in range(first, min(stop, len(self.ids))):
            word, gap = self.word(int(self.ids[index])), int(self.gaps[index])
            pieces.append("\n" * (gap + 1) if word == "\n" else f"{' ' * gap}{word}")
        return "".join(pieces).lstrip(" ")

    def word(self, number: int) -> str:
        """The text of a token id."""
        at = int(np.searchsorted(self.word_ids, np.uint32(number), sorter=self.word_order))
        return self._spelled(int(self.word_order[min(at, len(self.word_order) - 1)]))

    def beginning_with(self, typed: str) -> Ids:
        """The ids of the words that begin with a text."""
        every = range(len(self.word_ids))
        first = bisect_left(every, typed, key=self._spelled)
        stop = bisect_right(every, typed, lo=first, key=lambda index: self._spelled(index)[: len(typed)])
        return self.word_ids[first:stop]

    def file(self, number: int) -> Ids:
        """The tokens of one file."""
        stop = int(self.starts[number + 1]) if number + 1 < len(self.starts) else len(self.ids)
        return self.ids[int(self.starts[number]) : stop]

    def files_of(self, at: Numbers) -> Numbers:
        """The number of the file that each token belongs to."""
        return np.searchsorted(self.starts, at, side="right") - 1

    def places(self, query: Query, followed: Followed | None, distances: Numbers, limits: Limits) -> Places:
        """The places that agree most with the text on both sides, nearest files first. `followed` are the lines before
        what is on the right; a negative distance hides a file.
        """
        wanted = np.sort(self.beginning_with(query.typed)) if query.typed else None
        at = self._before(query, wanted, limits)
        if followed is not None and query.left[0]:
            at = np.concatenate([at, followed.at[followed.inside & (followed.before == query.left[0])]])
        at = np.sort(at)
        at = at[np.append(True, at[1:] != at[:-1])[: len(at)]]
        near = distances[self.files_of(at)]
        slotted = np.zeros(len(at), bool) if wanted is None else ~_among(self.ids.take(at, mode="clip"), wanted)
        seen = near >= 0 if limits.slotted else (near >= 0) & ~slotted
        at, near, slotted = at[seen], near[seen], slotted[seen]
        left = agreement(self.ids, at, query.left[:DEPTH], -1)
        if len(at) > _COMPARED:
            some = np.sort(np.argsort(8 * left - near + ~slotted, kind="stable")[-_COMPARED:])
            at, near, slotted, left = at[some], near[some], slotted[some], left[some]
        return best(self, left, to_line_end(self.ids, at), at, near, slotted, query, limits)

    def _before(self, query: Query, wanted: Ids | None, limits: Limits) -> Numbers:
        """Places with the longest left contexts, at least so many that begin as wanted, if there are so many."""
        taken: list[Numbers] = []
        fitting, slotted, inner = 0, 0, (0, 0)
        for low, high in reversed(self._stretches(query.left)):
            at = self._sample(low, high, inner, _SAMPLE if wanted is not None else _TIMES * limits.fitting)
            inner = low, high
            if wanted is not None:
                fits = _among(self.ids.take(at, mode="clip"), wanted)
                at, others = at[fits], at[~fits]
                if slotted < limits.slotted:
                    taken.append(others[:: max(1, len(others) // (_TIMES * limits.slotted))])
                    slotted += len(taken[-1])
            taken.append(at)
            fitting += len(at)
            if fitting >= limits.fitting:
                break
        if wanted is not None and fitting < limits.fitting:
            taken.append(self._anywhere(wanted, limits.fitting))
        return np.concatenate(taken) if taken else np.zeros(0, np.int64)

    def _anywhere(self, wanted: Ids, limit: int) -> Numbers:
        """Some places of words, whatever stands before them."""
        wanted = wanted[:: -(-len(wanted) // limit)] if len(wanted) else wanted
        at = np.minimum(np.searchsorted(self.before_ids, wanted), len(self.before_ids) - 1)
        at = at[self.before_ids[at] == wanted]
        if not len(at):
            return np.zeros(0, np.int64)
        low = self.before_firsts[at].astype(np.int64)
        high = self.before_firsts.take(at + 1, mode="clip").astype(np.int64)
        high[at + 1 == len(self.before_firsts)] = len(self.order)
        each = max(1, limit // len(at))
        found = low[:, None] + np.arange(each) * (high - low)[:, None] // each
        return self.order[np.unique(found)].astype(np.int64) - 1

    def followed(self, right: Ids) -> Followed | None:
        """The lines that are followed by the text after the cursor's line: those are lines before places whose left
        context is that text.
        """
        for depth in _AFTER:
            stretches = self._stretches(right[:depth][::-1])
            if len(stretches) < depth and (not stretches or stretches[-1][1] - stretches[-1][0] > _FEW):
                continue
            ends = self._sample(*stretches[-1], (0, 0), _FOLLOWED) - depth
            at = ends[:, None] - np.arange(LINE_TOKENS)
            before = rows_at(self.ids, ends - LINE_TOKENS, LINE_TOKENS)[:, ::-1]
            inside = at > 0
            inside[:, 1:] &= ~np.logical_or.accumulate(before[:, :-1] == NEWLINE, axis=1)
            return Followed(at, before, inside)
        return None

    def _stretches(self, left: Ids) -> list[tuple[int, int]]:
        """The stretches of `order` whose places agree with the left context on 1, 2, ... tokens, down to a few
        places."""
        found: list[tuple[int, int]] = []
        low, high = 0, len(self.order)
        for depth, number in enumerate(left[:SORTED_DEPTH].tolist()):
            low, high = self._narrow(low, high, depth, number) if depth else self._first(number)
            if low >= high:
                break
            found.append((low, high))
            if high - low <= _FEW:
                break
        return found

    def _first(self, number: int) -> tuple[int, int]:
        """The stretch of places with one token before them."""
        # A plain integer would have the whole array converted.
        at = int(np.searchsorted(self.before_ids, np.uint32(number)))
        if at >= len(self.before_ids) or self.before_ids[at] != number:
            return 0, 0
        last = at + 1 >= len(self.before_ids)
        return int(self.before_firsts[at]), len(self.order) if last else int(self.before_firsts[at + 1])

    def _narrow(self, low: int, high: int, depth: int, number: int) -> tuple[int, int]:
        """The part of a stretch, whose places agree on `depth` tokens, that has this token before those."""
        # Items of a memoryview are there in a third of the time of those of an array.
        ids, places, back = self.ids.data, self.order.data, depth + 1
        begin = low
        # Places so near to the beginning that nothing stands there sort before all others.
        while low < high and places[low] < back:
            low += 1
        if not number:
            return begin, low

        def key(index: int) -> int:
            return ids[places[index] - back]

        first = bisect_left(range(high), number, lo=low, key=key)
        return first, bisect_right(range(high), number, lo=first, key=key)

    def _sample(self, low: int, high: int, inner: tuple[int, int], most: int) -> Numbers:
        """So many places of a stretch without those of the stretch inside it, which are known."""
        first, last = inner if inner[0] < inner[1] else (high, high)
        step = max(1, -(-(first - low + high - last) // most))
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
    found = id_set(_WANTED_BITS, wanted).has(ids)
    likely = found.nonzero()[0]
    if len(likely):
        some = ids[likely]
        found[likely] = wanted[np.minimum(wanted.searchsorted(some), len(wanted) - 1)] == some
    return found
