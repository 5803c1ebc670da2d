"""How usual are some lines, token by token, in this document and in the workspace?

A cache of n-grams in tables of hashed counts: a document's are made at the request, the workspace's when its corpus is
built. What stands near counts more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import shake_256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.lexer import Ids

ORDERS = 4
_ODD = np.frombuffer(shake_256(b"order").digest(4 * ORDERS), "<u4") | np.uint32(1)
# How much the next shorter context is trusted, in occurrences of the longer one.
_TRUST = np.float32(4.0)


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Of a text of `size` tokens: for each order a table of how often each hash occurs, and how much one occurrence is
    worth.
    """

    counts: Sequence[NDArray[np.integer[Any]]] | NDArray[np.uint16]
    size: int
    worth: float


def grams(ids: Ids, bits: int) -> NDArray[np.uint32]:
    """For each token the hash of it with 0, 1, 2 ... tokens before it, along a new first axis."""
    found = np.empty((ORDERS, *ids.shape), np.uint32)
    found[0] = ids * _ODD[0]
    for order in range(1, ORDERS):
        shorter = found[order - 1]
        found[order, ..., :order] = shorter[..., :order]
        np.add(shorter[..., order:], ids[..., :-order] * _ODD[order], out=found[order, ..., order:])
    found >>= np.uint32(32 - bits)
    return found


def count(ids: Ids, bits: int) -> list[NDArray[np.int64]]:
    """How often each hash occurs in a text, by order."""
    return [np.bincount(one, minlength=1 << bits) for one in grams(ids, bits)]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """How often the n-grams that end at each token of some rows occur, by order, in a text of this size."""

    times: NDArray[np.float32]
    size: float


def seen(rows: Ids, scope: Scope) -> Seen:
    """What a scope knows of some rows of tokens."""
    keys = grams(rows, len(scope.counts[0]).bit_length() - 1)
    times = np.empty(keys.shape, np.float32)
    for order, table in enumerate(scope.counts):
        times[order] = table[keys[order]]
    times *= np.float32(scope.worth)
    return Seen(times, scope.size * scope.worth)


def total(*several: Seen) -> Seen:
    """What several scopes know together."""
    return Seen(sum((one.times for one in several[1:]), several[0].times), sum(one.size for one in several))


def chances(counts: Seen) -> NDArray[np.float32]:
    """The natural logarithm of each token's probability after those before it in its row.

    From the shortest context to the longest, each says as much as it has seen, the shorter one the rest.
    """
    times = counts.times
    chance = (times[0] + np.float32(0.1)) / np.float32(counts.size + 1e4)
    for order in range(1, ORDERS):
        before = np.zeros_like(chance)
        before[..., 1:] = times[order - 1][..., :-1]
        chance = (times[order] + _TRUST * chance) / (np.maximum(before, times[order]) + _TRUST)
    return np.log(chance)
