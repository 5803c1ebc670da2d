"""What do the choices propose, the likeliest first?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.choices import Choices
from copilot_lsp.recall.match import Source
from copilot_lsp.recall.prefer import preferred
from copilot_lsp.recall.query import Query


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """One way to go on: `ids`, up to where the text after the cursor takes up, copied from token `place` of `source`
    but for the tokens in `swaps`, which stand for others by their number in the line.

    `missing` blanks are to be inserted first; `left` says how many tokens agree before the place.
    """

    query: Query
    source: Source
    place: int
    ids: tuple[int, ...]
    swaps: Mapping[int, int]
    missing: int
    left: int
    confidence: float

    @property
    def key(self) -> tuple[str, int, tuple[int, ...]]:
        """Equal where the same is inserted."""
        return self.query.typed, self.missing, self.ids


def propose(choices: Choices, chances: NDArray[np.float64], limit: int) -> list[Proposal]:
    """So many of the best ways to go on. One of them may be to insert nothing: because lines end here, or because
    theirs do not fit the text after the cursor.
    """
    best = preferred(choices, chances)[:limit]
    return [_proposal(choices, number, float(chances[number])) for number in best.tolist()]


def _proposal(choices: Choices, number: int, chance: float) -> Proposal:
    rows, row = choices.evidence, int(choices.rows[number])
    source, place, stop = rows.sources[int(rows.source[row])], int(rows.at[row]), int(rows.stops[row])
    ids = rows.lines[row, :stop]
    swapped = np.flatnonzero(ids != source.ids[place : place + stop])
    return Proposal(
        query=rows.queries[int(rows.reading[row])],
        source=source,
        place=place,
        ids=tuple(ids.tolist()),
        swaps={at: int(ids[at]) for at in swapped.tolist()},
        missing=int(rows.missing[row]),
        left=int(rows.figure("left")[row]),
        confidence=chance,
    )
