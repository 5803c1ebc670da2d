"""What do the places propose, and how sure are they together?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.evidence import Evidence
from copilot_lsp.recall.lexer import token_id
from copilot_lsp.recall.match import Source
from copilot_lsp.recall.query import LINE_TOKENS, Query

# Proposals beyond the likeliest few are not worth cutting to the text after the cursor.
_MOST = 48
_CLOSER = {token_id(opener): token_id(closer) for opener, closer in ("()", "[]", "{}")}
_CLOSERS = frozenset(_CLOSER.values())
# Odd numbers that turn the ids of a line into one number: equal lines get equal ones, others practically never.
_MIX = np.random.default_rng(1).integers(1, 2**63, LINE_TOKENS, np.uint64) * np.uint64(2) + np.uint64(1)


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """One way to go on: `ids`, up to where the text after the cursor takes up, copied from token `place` of `source`.

    `deeper` says how much deeper than the line before it the copied line is indented, where it begins a line; `left`
    how many tokens agree before it.
    """

    query: Query
    source: Source
    place: int
    ids: tuple[int, ...]
    deeper: int
    left: int
    confidence: float

    @property
    def key(self) -> tuple[str, int, tuple[int, ...]]:
        """Equal where the same is inserted: a word that is typed in full may be read as done or as a part of one."""
        if self.query.typed and self.ids and self.ids[0] == token_id(self.query.typed):
            return "", self.deeper, self.ids[1:]
        return self.query.typed, self.deeper, self.ids

    @property
    def inserts(self) -> bool:
        """Whether there is anything to insert beyond the word that is typed already."""
        return bool(self.key[2])


def propose(several: Sequence[Evidence], chances: Sequence[NDArray[np.float64]]) -> list[Proposal]:
    """The places' ways to go on, the likeliest first, each as sure as all the places together that agree on it.

    One of them may be to insert nothing: because lines end here, or because theirs do not fit the text after the
    cursor.
    """
    if not chances:
        return []
    found: dict[tuple[str, int, tuple[int, ...]], Proposal] = {}
    for one in _by_line(several, chances):
        proposal = replace(one, ids=one.ids[: _taken_up(one.ids, one.query.rest)]) if one.query.rest else one
        known = found.get(proposal.key)
        found[proposal.key] = (
            proposal if known is None else replace(known, confidence=known.confidence + proposal.confidence)
        )
    return sorted(found.values(), key=lambda one: -one.confidence)


def _by_line(several: Sequence[Evidence], chances: Sequence[NDArray[np.float64]]) -> Iterator[Proposal]:
    """The likeliest lines that places go on with, each with the chances of all its places, copied from the best one."""
    if not several:
        return
    keys = np.concatenate([_keys(one) for one in several])
    chance = np.concatenate(chances)
    best_first = np.argsort(-chance, kind="stable")
    _, firsts, group = np.unique(keys[best_first], return_index=True, return_inverse=True)
    sums = np.bincount(group, chance[best_first])
    begins = np.cumsum([0, *(len(one.at) for one in several)])
    for number in np.argsort(-sums)[:_MOST].tolist():
        row = int(best_first[firsts[number]])
        which = int(np.searchsorted(begins, row, side="right")) - 1
        one, row = several[which], row - int(begins[which])
        ids = tuple(one.lines[row, : one.stops[row]].tolist())
        left, deeper = int(one.figures["left"][row]), int(one.deeper[row])
        yield Proposal(one.query, one.source, int(one.at[row]), ids, deeper, left, float(sums[number]))


def _keys(one: Evidence) -> NDArray[np.uint64]:
    inside = np.arange(LINE_TOKENS) < one.stops[:, None]
    keys = (np.where(inside, one.lines, 0).astype(np.uint64) * _MIX).sum(axis=1, dtype=np.uint64)
    return keys + one.deeper.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(bool(one.query.typed))


def _taken_up(line: tuple[int, ...], rest: tuple[int, ...]) -> int:
    """How many tokens of a line come before the rest of the cursor's line; 0 when the two do not fit."""
    if not rest:
        return len(line)
    for start in range(len(line)):
        tail = line[start : start + len(rest)]
        if tail == rest[: len(tail)]:
            return start
    depth = 0
    for index, number in enumerate(line):
        if depth == 0 and number in _CLOSERS:
            return index if number == rest[0] else 0
        depth += (number in _CLOSER) - (number in _CLOSERS)
    return 0
