"""Turn texts into vectors whose angle says how alike the texts are, without a model.

The embedder adds up one pseudo-random vector of signs for each word, weighted by how rare the word is in the
workspace: a random projection of the weighted bag of words, which keeps angles. Decision 0006 has what was measured.
"""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.index.names import names_of

DIMENSIONS = 256
BUCKETS = 1 << 16
_MEMO_LIMIT = 100_000
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


def embed(texts: Sequence[str], weights: Floats) -> Floats:
    """One unit vector (a row of zeros for a text without words) for each text; `weights` are those of the buckets."""
    columns: dict[int, int] = {}
    bags = [_bag(text) for text in texts]
    for bag in bags:
        for bucket in bag:
            columns.setdefault(bucket, len(columns))
    table = np.zeros((len(texts), len(columns)), np.float32)
    for row, bag in zip(table, bags, strict=True):
        for bucket, count in bag.items():
            row[columns[bucket]] = 1.0 + math.log(count)
    buckets = np.fromiter(columns, np.int64, len(columns))
    table *= weights[buckets]
    signs = np.unpackbits(_signs()[buckets], axis=1).astype(np.float32) * 2.0 - 1.0
    vectors = table @ signs
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def quantised(vectors: Floats) -> list[bytes]:
    """Unit vectors as int8, all with the same scale, so that distances and angles give the same order.

    The scale puts five standard deviations of a component at 127; what lies beyond is cut off.
    """
    scale = 127.0 * math.sqrt(vectors.shape[1]) / 5.0 if vectors.size else 1.0
    rounded = np.clip(np.rint(vectors * scale), -127, 127).astype(np.int8)
    return [row.tobytes() for row in rounded]


def weigh(texts: Sequence[str]) -> bytes:
    """The weight of each bucket from how many of some texts hold its words: float16, to be kept and `unpacked`."""
    held = np.zeros(BUCKETS, np.float32)
    for text in texts:
        held[list(_bag(text))] += 1.0
    return np.maximum(np.log((len(texts) + 1.0) / (held + 0.5)), 0.0).astype("<f2").tobytes()


def unpacked(weights: bytes | None) -> Floats:
    """Kept weights as numbers; all words count alike before any are kept."""
    if weights is None:
        return np.ones(BUCKETS, np.float32)
    return np.frombuffer(weights, "<f2").astype(np.float32)


class _Buckets(dict[bytes, tuple[int, ...]]):
    """From a name to the buckets of its words (`get_queryset`: get, queryset); numbers and single letters have none."""

    def __missing__(self, name: bytes) -> tuple[int, ...]:
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        words = _WORD.findall(name.decode("utf-8", "replace"))
        found = tuple(_bucket(word.lower()) for word in words if len(word) > 1 and not word.isdigit())
        self[name] = found
        return found


_buckets = _Buckets()


def _bag(text: str) -> Counter[int]:
    bag: Counter[int] = Counter()
    for name, count in Counter(names_of(text)).items():
        for bucket in _buckets[name]:
            bag[bucket] += count
    return bag


def _bucket(word: str) -> int:
    return crc32(word.encode()) % BUCKETS


@cache
def _signs() -> Bytes:
    """The signs of every bucket, one bit each. From a hash function, because they must never change: numpy's random
    numbers differ between its versions, and vectors of two versions lie in one index."""
    stream = hashlib.shake_256(b"copilot-lsp embedder 1").digest(BUCKETS * DIMENSIONS // 8)
    return np.frombuffer(stream, np.uint8).reshape(BUCKETS, DIMENSIONS // 8)
