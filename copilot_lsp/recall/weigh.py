"""How likely is each way to go on?

A small network (one hidden layer) scores each way by its features, and "none of them" has a score too; the softmax over
all of these are the probabilities. The weights are fitted to lines hidden in other projects (`bench/fit/recall.py`), so
that a confidence of 0.3 was right three times in ten there.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.choices import Choices

WEIGHTS = Path(__file__).with_name("weights.npz")
# Features this many spreads from their mean say no more.
_FAR = 6.0
LEAK = np.float32(0.1)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Features by name, their means and spreads where it was fitted, and the weights."""

    names: tuple[str, ...]
    mean: Floats
    spread: Floats
    hidden: Floats
    bias: Floats
    out: Floats
    direct: Floats
    none: Floats

    def scaled(self, features: Floats) -> Floats:
        """Features in rows as the layers take them."""
        found = (features - self.mean) / self.spread
        return np.minimum(np.maximum(found, -_FAR, out=found), _FAR, out=found)

    def scores(self, scaled: Floats) -> Floats:
        """The score of each row."""
        inner = scaled @ self.hidden + self.bias
        return (np.maximum(inner, LEAK * inner) @ self.out + scaled @ self.direct).astype(np.float32)


@lru_cache(maxsize=1)
def network() -> Network:
    """The network that is shipped."""
    with np.load(WEIGHTS) as kept:
        arrays = {name: kept[name] for name in kept.files}
    return Network(tuple(arrays.pop("names").tolist()), **arrays)


def probabilities(choices: Choices) -> NDArray[np.float64]:
    """For each way: the probability that it is what comes next."""
    net = network()
    scores = net.scores(net.scaled(choices.matrix(net.names))).astype(np.float64)
    top = max(float(net.none[0]), float(scores.max()))
    powers = np.exp(scores - top)
    return powers / (powers.sum() + np.exp(net.none[0] - top))


def save(found: Network, path: Path = WEIGHTS) -> None:
    """Write a network where `network` finds it."""
    arrays = {name: getattr(found, name) for name in ("mean", "spread", "hidden", "bias", "out", "direct", "none")}
    np.savez_compressed(path, names=np.array(found.names), **arrays)
