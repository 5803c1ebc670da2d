"""Which ways to go on do the places propose, and what speaks for each?"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from hashlib import shake_256

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall import agree
from copilot_lsp.recall.agree import agreement, grouped
from copilot_lsp.recall.content import content
from copilot_lsp.recall.evidence import Evidence
from copilot_lsp.recall.lexer import token_id
from copilot_lsp.recall.match import Numbers
from copilot_lsp.recall.ngram import ORDERS, Scope
from copilot_lsp.recall.query import LINE_TOKENS, Query
from copilot_lsp.recall.shape import Feature, shape
from copilot_lsp.recall.tokens import Tokens
from copilot_lsp.recall.usual import usual
from copilot_lsp.recall.words import Endings

# More ways than this many are not weighed.
_MOST = 56
# Odd numbers that turn the ids of a line into one number: equal lines get equal ones, others practically never. From a
# hash function, because importing numpy's random numbers takes 10 ms of every start.
_MIX = np.frombuffer(shake_256(b"line").digest(8 * LINE_TOKENS), "<u8") | np.uint64(1)


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """Distinct ways to go on: the rows of the evidence that they are copied from, the best of all that agree, and their
    `features`, in columns by `names`.
    """

    evidence: Evidence
    rows: Numbers
    names: tuple[str, ...]
    features: NDArray[np.float32]

    def matrix(self, names: Sequence[str]) -> NDArray[np.float32]:
        """Features as columns in another order."""
        if tuple(names) == self.names:
            return self.features
        return self.features[:, [self.names.index(name) for name in names]]


def choices(
    rows: Evidence, tokens: Tokens, scopes: Sequence[Scope], endings: Endings
) -> Generator[None, None, Choices | None]:
    """The likeliest of the ways to go on, with all that speaks for them, in steps; None where there is none."""
    kept = _readable(rows)
    if not len(kept):
        return None
    keys = (rows.lines[kept].astype(np.uint64) * _MIX).sum(axis=1, dtype=np.uint64)
    keys += rows.missing[kept].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + rows.reading[kept].astype(np.uint64)
    groups = grouped(keys, kept, rows.figure("worth")[kept])
    best, agreed = agreement(rows, groups, _MOST)
    yield
    chosen = groups.heads[best]
    lines, stops, reading = rows.lines[chosen], rows.stops[chosen], rows.reading[chosen]
    lefts = np.stack([one.left[: ORDERS - 1][::-1] for one in rows.queries])[reading]
    query = rows.queries[0]
    more: dict[str, Feature | float] = dict(content(lines, stops, query))
    more |= dict(shape(lines, stops, query, tokens))
    more |= dict(usual(lines, stops, lefts, query, tokens, scopes))
    more |= dict(_typed(rows.queries, reading, endings.shares(lines[:, 0])))
    more["blank"] = float(query.blank)
    more["many"] = np.log2(len(chosen))
    features = np.empty((len(chosen), len(agreed) + len(more)), np.float32)
    features[:, : len(agreed)] = agreed.T
    for number, column in enumerate(more.values(), len(agreed)):
        features[:, number] = column
    yield
    return Choices(rows, chosen, (*agree.NAMES, *more), features)


def _typed(
    queries: Sequence[Query], reading: Numbers, shares: NDArray[np.float64]
) -> Iterator[tuple[str, Feature | float]]:
    typed, text = float(len(queries) > 1), queries[0].typed
    first = reading == 0
    yield "typed", first * typed
    yield "is typed", typed
    yield "typed length", float(min(4, len(text)))
    yield "typed word", float(text[:1].isalpha() or text[:1] == "_")
    yield "first share", shares * first
    yield "less first share", shares.max() - shares


def _readable(rows: Evidence) -> Numbers:
    """Without the rows that begin with the typed word as it is: that is the other reading's."""
    typed = rows.queries[0].typed
    if not typed:
        return np.arange(len(rows.at))
    return np.flatnonzero((rows.reading > 0) | (rows.lines[:, 0] != token_id(typed)))
