"""Which of some unsure lines is the best bet?

Where none is likely to be exactly right, one that has much in common with the others is the least to edit.
"""

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.choices import Choices

# So many of the likeliest ways are compared, and what being alike is worth beside being right.
_COMPARED, _ALIKE = 12, 0.35
# What is so likely is the best bet however alike the others are.
_SURE = 0.6


def preferred(choices: Choices, chances: NDArray[np.float64]) -> NDArray[np.int64]:
    """The likeliest ways to go on, the best bet first."""
    likely = np.argsort(-chances)[:_COMPARED]
    if chances[likely[0]] >= _SURE:
        return likely
    rows = choices.rows[likely]
    lines, stops = choices.evidence.lines[rows], choices.evidence.stops[rows]
    width = max(1, int(stops.max(initial=0)))
    lines = lines[:, :width]
    end = np.take_along_axis(lines, np.maximum(stops[:, None] - 1 - np.arange(width), 0), axis=1)
    shared = np.zeros((len(likely), len(likely)))
    most = np.minimum(stops[:, None], stops)
    for side in (lines, end):
        same = np.logical_and.accumulate(side[:, None, :] == side[None, :, :], axis=2)
        shared += np.minimum(np.count_nonzero(same, axis=2), most)
    alike = np.minimum(shared, most) / np.maximum(np.maximum(stops[:, None], stops), 1)
    worth = chances[likely] + _ALIKE * alike @ chances[likely]
    return likely[np.argsort(-worth, kind="stable")]
