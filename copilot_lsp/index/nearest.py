"""Which pieces have a vector that is like the query's?

A process remembers the signs of all vectors of a space, one bit each: 5 MB for 100,000 pieces of 384 numbers. Those
are compared with a query's in 3 ms, where reading the vectors takes 47; the best few are then rated exactly.
"""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.index.extension import has_vectors
from copilot_lsp.index.rows import SPAN
from copilot_lsp.store.connection import Connection
from copilot_lsp.store.database import Database

# So many times the wanted number are rated exactly; reading each vector takes 15 microseconds. Of a real model's ten
# nearest vectors, 84 of 100 are among the first hundredth by signs, 96 among the first fortieth.
_SPARE = 8
# How old what is remembered may be. A piece that is gone by then is not shown, one that is new is found by its words.
_FRESH_SECONDS = 5.0
_WORD_BITS = 64

Bits = NDArray[np.uint64]
Ids = NDArray[np.int64]


@dataclass(slots=True)
class _Signs:
    """The signs of one space's vectors in one index, by file. `looked` is when files were last compared with it."""

    digests: dict[int, bytes] = field(default_factory=dict[int, bytes])
    blocks: dict[int, tuple[Ids, Bits]] = field(default_factory=dict[int, tuple[Ids, Bits]])
    pieces: Ids = field(default_factory=lambda: np.zeros(0, np.int64))
    bits: Bits = field(default_factory=lambda: np.zeros((0, 0), np.uint64))
    length: int = 0
    looked: float = -_FRESH_SECONDS


_kept: WeakKeyDictionary[Database, dict[int, _Signs]] = WeakKeyDictionary()
_keeping = threading.Lock()


def nearest(
    database: Database, connection: Connection, space: int, vector: bytes, limit: int, hidden: Sequence[int] = ()
) -> dict[int, float]:
    """The pieces with the vectors that are most like this one, with the cosines; none of the `hidden` files.

    `connection` is one of `database`, for as long as its block lasts.
    """
    with _keeping:
        spaces = _kept.setdefault(database, {})
        signs = spaces.get(space)
        if signs is None or signs.length != len(vector):
            signs = spaces[space] = _Signs(length=len(vector))
        _refresh(connection, space, signs)
        pieces, bits = signs.pieces, signs.bits
    if hidden:
        shown = ~np.isin(pieces // SPAN, np.array(hidden, np.int64))
        pieces, bits = pieces[shown], bits[shown]
    if not len(pieces):
        return {}
    apart = np.bitwise_count(bits ^ _packed(vector, 1)).sum(axis=1, dtype=np.int32)
    wanted = min(_SPARE * limit, len(pieces))
    near = np.argpartition(apart, wanted - 1)[:wanted]
    rated = cosines(connection, space, vector, pieces[near].tolist())
    return dict(sorted(rated.items(), key=lambda entry: -entry[1])[:limit])


def cosines(connection: Connection, space: int, vector: bytes, pieces: Iterable[int]) -> dict[int, float]:
    """How like the vectors of some pieces are to this one, from -1 to 1; pieces without a vector are left out."""
    of_them = (
        f"FROM vectors WHERE space = ?1 AND length(vector) = length(?2) AND piece IN ({', '.join(map(str, pieces))})"
    )
    if has_vectors(connection):
        statement = f"SELECT piece, 1.0 - vec_distance_cosine(vec_int8(vector), vec_int8(?2)) {of_them}"
        return {piece: cosine for piece, cosine in connection.execute(statement, (space, vector)) if cosine is not None}
    return _cosines(vector, connection.execute(f"SELECT piece, vector {of_them}", (space, vector)).fetchall())


def _cosines(vector: bytes, rows: Sequence[tuple[Any, ...]]) -> dict[int, float]:
    """The same where there is no sqlite-vec for the platform."""
    if not rows:
        return {}
    table = np.frombuffer(b"".join([row[1] for row in rows]), np.int8).reshape(len(rows), -1).astype(np.float32)
    query = np.frombuffer(vector, np.int8).astype(np.float32)
    lengths = np.maximum(np.linalg.norm(table, axis=1) * np.linalg.norm(query), 1e-9)
    return dict(zip([row[0] for row in rows], (table @ query / lengths).tolist(), strict=True))


def _refresh(connection: Connection, space: int, signs: _Signs) -> None:
    """Read the vectors of the files that changed since the last look, if that is long ago."""
    if time.monotonic() - signs.looked < _FRESH_SECONDS:
        return
    current: dict[int, bytes] = dict(connection.execute("SELECT id, digest FROM files").fetchall())
    gone = [file for file in signs.digests if current.get(file) != signs.digests[file]]
    for file in gone:
        del signs.digests[file]
        signs.blocks.pop(file, None)
    # Files whose vectors are still to be made are looked for again next time.
    new = [file for file in current if file not in signs.digests]
    found = [file for file in new if _read(connection, space, signs, file)]
    signs.digests.update((file, current[file]) for file in found)
    if gone or found:
        signs.pieces = np.concatenate([ids for ids, _ in signs.blocks.values()] or [np.zeros(0, np.int64)])
        width = -(-signs.length // _WORD_BITS)
        signs.bits = np.concatenate([bits for _, bits in signs.blocks.values()] or [np.zeros((0, width), np.uint64)])
    signs.looked = time.monotonic()


def _read(connection: Connection, space: int, signs: _Signs, file: int) -> bool:
    """Remember the signs of one file's vectors; False when it has none of this length."""
    rows = connection.execute(
        "SELECT piece, vector FROM vectors WHERE space = ? AND piece BETWEEN ? AND ? AND length(vector) = ?",
        (space, file * SPAN, file * SPAN + SPAN - 1, signs.length),
    ).fetchall()
    if rows:
        vectors = b"".join([row[1] for row in rows])
        signs.blocks[file] = (np.array([row[0] for row in rows], np.int64), _packed(vectors, len(rows)))
    return bool(rows)


def _packed(vectors: bytes, number: int) -> Bits:
    """The signs of some vectors as rows of whole words."""
    positive = np.frombuffer(vectors, np.int8).reshape(number, -1) > 0
    bits = np.packbits(positive, axis=1)
    padded = np.zeros((number, -(-positive.shape[1] // _WORD_BITS) * _WORD_BITS // 8), np.uint8)
    padded[:, : bits.shape[1]] = bits
    return padded.view(np.uint64)
