"""How likely is each place to be what comes next?

A softmax over all places that agree with the text before the cursor, and over "none of them": the weights were fitted
to holes made in code that is not in the tests of quality (see `bench/fit/recall.py`), so that a confidence of 0.3 was
right three times in ten there.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.evidence import Column, Evidence
from copilot_lsp.recall.weights import NONE, WEIGHTS


def probabilities(several: Sequence[Evidence]) -> list[NDArray[np.float64]]:
    """For the places of all sources together: the probability that the line goes on as it does there."""
    columns = compare(several)
    if not columns:
        return []
    scores = np.array(list(WEIGHTS.values())) @ np.stack([columns[name] for name in WEIGHTS]) - NONE
    top = max(0.0, float(np.max(scores)))
    powers = np.exp(scores - top)
    shares = powers / (powers.sum() + np.exp(-top))
    return np.split(shares, np.cumsum([len(one.at) for one in several])[:-1])


def compare(several: Sequence[Evidence]) -> dict[str, Column]:
    """The features that are weighed: figures of each place, and how it stands against the best places."""
    figures = {name: np.concatenate([one.figures[name] for one in several]) for name in several[0].figures}
    if not len(figures["left"]):
        return {}
    return figures | _relations(figures)


def _relations(of: Mapping[str, Column]) -> dict[str, Column]:
    left, right = np.minimum(of["left"], 16), np.minimum(of["right"], 16)
    both = np.minimum(left, 8) + np.minimum(right, 8)
    most_left, most_right, most_both = left == left.max(), right == right.max(), both == both.max()
    few_left, some_left, some_right = np.minimum(left, 4), np.minimum(left, 8), np.minimum(right, 8)
    return {
        "left": left,
        "right": right,
        **{f"left to {limit}": np.minimum(left, limit) for limit in (2, 4, 8)},
        **{f"right to {limit}": np.minimum(right, limit) for limit in (2, 4, 8)},
        "left x right": few_left * np.minimum(right, 4),
        "most left": most_left,
        "less left": np.minimum(left.max() - left, 3),
        "most right": most_right,
        "less right": np.minimum(right.max() - right, 3),
        "most both": most_both,
        "less both": np.minimum(both.max() - both, 4),
        "alone": most_left / most_left.sum(),
        "most of each": most_left & most_right,
        "no token x left": of["no token"] * some_left,
        "no token x right": of["no token"] * some_right,
        "no token x typed": of["no token"] * of["touching"],
        "length x left": of["length"] * some_left,
        "length x right": of["length"] * some_right,
        "length x around left": of["length"] * of["around left"],
        "length x around right": of["length"] * of["around right"],
        "typed x left": of["typed"] * few_left,
        "blank x left": of["blank"] * some_left,
        "blank x right": of["blank"] * some_right,
        "unknown x left": of["unknown"] * (left < 4),
        "own x left": of["own"] * few_left,
        "apart x left": of["apart"] * few_left,
        "best left": np.full(len(left), min(8.0, float(left.max()))),
    }
