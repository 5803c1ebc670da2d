"""How likely is a proposal to be what comes next?"""

from collections.abc import Sequence
from math import exp, log1p

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.near import FAR
from copilot_lsp.recall.propose import Proposal

NAMES = (
    "left",
    "right",
    "share",
    "votes",
    "near",
    "length",
    "typed",
    "blank",
    "misfit",
)
_WEIGHTS = (0.25, 0.2, 2.5, 0.1, -0.15, -0.06, 0.1, -0.4, -1.5)
_BIAS = -2.5


def features(proposals: Sequence[Proposal]) -> NDArray[np.float64]:
    """One row per proposal of one place, one column per name in `NAMES`."""
    weights = [sum(2.0 ** (min(vote.left, 12) + min(vote.right, 8) / 2) for vote in one.votes) for one in proposals]
    total = sum(weights)
    return np.array(
        [
            (
                min(max(vote.left for vote in one.votes), 12),
                min(max(vote.right for vote in one.votes), 12),
                weight / total,
                log1p(len(one.votes)),
                min(vote.near for vote in one.votes) / FAR,
                len(one.ids),
                len(one.query.typed),
                one.query.blank,
                one.query.blank and one.query.above + one.votes[0].indent < one.query.indent,
            )
            for one, weight in zip(proposals, weights, strict=True)
        ],
        np.float64,
    )


def confidences(proposals: Sequence[Proposal]) -> list[float]:
    """The probability of each proposal of one place."""
    if not proposals:
        return []
    return [1 / (1 + exp(-score)) for score in (features(proposals) @ np.array(_WEIGHTS) + _BIAS).tolist()]
