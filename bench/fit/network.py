"""Which weights make the engine's network give what is right the highest probability?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.weigh import LEAK, Floats, Network

_BATCH, _RATE, _DECAY = 192, 4e-3, 0.04
_HIDDEN = 48


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One hole: the features of each way to go on, in rows, and which of them are right (maybe none)."""

    features: Floats
    right: NDArray[np.bool_]


def fit(samples: Sequence[Sample], names: Sequence[str], *, epochs: int = 24, seed: int = 0) -> Network:
    """The network that maximises the probability of what is right, by Adam with decaying steps and weights."""
    chance = np.random.default_rng(seed)
    mean, spread = _scale(samples)
    width = len(names)
    hidden = chance.normal(0, width**-0.5, (width, _HIDDEN)).astype(np.float32)
    net = Network(
        tuple(names), mean, spread, hidden, np.zeros(_HIDDEN, np.float32),
        chance.normal(0, 0.3, _HIDDEN).astype(np.float32), np.zeros(width, np.float32), np.zeros(1, np.float32),
    )  # fmt: skip
    weights = [net.hidden, net.bias, net.out, net.direct, net.none]
    slopes, squares = ([np.zeros_like(one) for one in weights] for _ in range(2))
    step = 0
    for epoch in range(epochs):
        rate = _RATE * 0.5 * (1 + np.cos(np.pi * epoch / epochs))
        order = chance.permutation(len(samples))
        for begin in range(0, len(order), _BATCH):
            step += 1
            gradients = _gradients(net, [samples[number] for number in order[begin : begin + _BATCH]])
            for weight, gradient, slope, square in zip(weights, gradients, slopes, squares, strict=True):
                slope += 0.1 * (gradient - slope)
                square += 0.001 * (gradient**2 - square)
                move = slope / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
                weight -= (rate * (move + _DECAY * weight)).astype(np.float32)
    return net


def _scale(samples: Sequence[Sample]) -> tuple[Floats, Floats]:
    some = np.concatenate([one.features for one in samples[:: max(1, len(samples) // 4000)]])
    return some.mean(axis=0), some.std(axis=0) + np.float32(1e-3)


def _gradients(net: Network, batch: Sequence[Sample]) -> list[Floats]:
    """Of the loss: minus the logarithm of the probability of what is right, or of "none of them"."""
    scaled = net.scaled(np.concatenate([one.features for one in batch]))
    right = np.concatenate([one.right for one in batch])
    sizes = np.array([len(one.right) for one in batch])
    firsts, hole = np.cumsum(sizes) - sizes, np.repeat(np.arange(len(batch)), sizes)
    inner = scaled @ net.hidden + net.bias
    active = np.maximum(inner, LEAK * inner)
    scores = active @ net.out + scaled @ net.direct
    top = np.maximum(np.maximum.reduceat(scores, firsts), net.none[0])
    powers, none = np.exp(scores - top[hole]), np.exp(net.none[0] - top)
    total = np.add.reduceat(powers, firsts) + none
    wanted = powers * right
    of_right = np.add.reduceat(wanted, firsts)
    pull = (powers / total[hole] - wanted / np.maximum(of_right, 1e-30)[hole]) / len(batch)
    back = np.outer(pull, net.out) * np.where(inner > 0, np.float32(1), LEAK)
    none_pull = np.array([(none / total - (of_right == 0)).sum() / len(batch)], np.float32)
    return [scaled.T @ back, back.sum(axis=0), active.T @ pull, scaled.T @ pull, none_pull]
