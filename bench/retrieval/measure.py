"""How good is a ranking, and is one better than another by more than chance?"""

import math
import random
from collections.abc import Sequence
from statistics import mean
from typing import Protocol

from bench.retrieval.cases import Case

DEPTH = 10


class Found(Protocol):
    """One place of a ranking."""

    @property
    def path(self) -> str: ...
    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...


def ndcg(ranking: Sequence[Found], case: Case) -> float:
    """Discounted gain of the first ten: each answer counts once, where it is met first."""
    met: set[int] = set()
    gain = 0.0
    for rank, one in enumerate(ranking[:DEPTH]):
        new = {number for number in _answered(one, case) if number not in met}
        gain += bool(new) / math.log2(rank + 2)
        met |= new
    return min(1.0, gain / sum(1 / math.log2(rank + 2) for rank in range(min(DEPTH, len(case.answers)))))


def ndcg_of_any(ranking: Sequence[Found], case: Case) -> float:
    """The same where each of the answers is enough."""
    ranks = (rank for rank, one in enumerate(ranking[:DEPTH]) if _answered(one, case))
    return next((1 / math.log2(rank + 2) for rank in ranks), 0.0)


def interval(ours: Sequence[float], theirs: Sequence[float], draws: int = 1_000) -> tuple[float, float]:
    """Where the ratio of two means over the same queries lies in 95 of 100 samples of those queries."""
    chance = random.Random(1)
    ratios: list[float] = []
    for _ in range(draws):
        drawn = chance.choices(range(len(ours)), k=len(ours))
        ratios.append(mean(ours[one] for one in drawn) / max(1e-9, mean(theirs[one] for one in drawn)))
    ratios.sort()
    return ratios[draws // 40], ratios[-draws // 40]


def _answered(one: Found, case: Case) -> set[int]:
    return {
        number
        for number, answer in enumerate(case.answers)
        if one.path == answer.path and one.first <= answer.last and one.last >= answer.first
    }
