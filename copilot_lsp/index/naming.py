"""Which pieces have a word in their name, in that of what they are part of, or in their path?

The full text index would have to go through all pieces that hold the word anywhere, which takes milliseconds for a
common one. So a process remembers the stems of all names. For 100,000 pieces that is 8 MB, and half a second of the
first search; afterwards only files that changed are read.
"""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.index.kinds import kind_of
from copilot_lsp.index.rows import SPAN
from copilot_lsp.index.stems import name_stems
from copilot_lsp.store.connection import Connection, Row
from copilot_lsp.store.database import Database

# Where a stem was met, as bits.
IN_NAME, IN_CONTAINER, IN_FILE, IN_FOLDER = 1, 2, 4, 8
# Looking for changes may take this share of the time between two searches while a crawl writes.
_SHARE = 0.1
_SHORT_SECONDS = 0.005

Numbers = NDArray[np.int64]
Bits = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class _File:
    """What is remembered of one file: its kind, its pieces, which of them have a name, and their stems.

    `stems`, `holders` and `bits` are parallel: a stem's number, the place in `pieces`, and where it was met there.
    """

    digest: bytes
    kind: str
    pieces: Numbers
    named: NDArray[np.bool_]
    stems: Numbers
    holders: Numbers
    bits: Bits
    path: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one index. `pieces` are in order; `file` is the place of each one's file in `files` and `kind`.

    `kind` holds places in `kinds`. `starts` tells for the number of a stem where its `holders`, which are places in
    `pieces`, begin.
    """

    pieces: Numbers
    named: NDArray[np.bool_]
    file: Numbers
    files: Numbers
    kinds: tuple[str, ...]
    kind: Numbers
    vocabulary: Mapping[str, int]
    starts: Numbers
    holders: Numbers
    bits: Bits
    paths: Mapping[int, tuple[Numbers, Bits]]

    def holding(self, stem: str) -> tuple[Numbers, Bits]:
        """The pieces (by their place) that have a stem in their name or container, and in which of them."""
        number = self.vocabulary.get(stem)
        if number is None or number >= len(self.starts) - 1:
            return _NOWHERE
        inside = slice(self.starts[number], self.starts[number + 1])
        return self.holders[inside], self.bits[inside]

    def below(self, stem: str) -> tuple[Numbers, Bits]:
        """The files (by their place) that have a stem in their path, and in which part of it."""
        return self.paths.get(self.vocabulary.get(stem, -1), _NOWHERE)


_NOWHERE = np.zeros(0, np.int64), np.zeros(0, np.uint16)


@dataclass(slots=True)
class _Memory:
    """What is remembered of one database. `versions` tells what each connection had seen of it."""

    vocabulary: dict[str, int] = field(default_factory=dict[str, int])
    files: dict[int, _File] = field(default_factory=dict[int, _File])
    names: Names | None = None
    versions: WeakKeyDictionary[Connection, int] = field(default_factory=WeakKeyDictionary[Connection, int])
    quiet_until: float = 0.0


_kept: WeakKeyDictionary[Database, _Memory] = WeakKeyDictionary()
_keeping = threading.Lock()


def names(database: Database, connection: Connection) -> Names:
    """The names of an index, brought up to date. `connection` is one of `database`, for as long as its block lasts."""
    with _keeping:
        memory = _kept.setdefault(database, _Memory())
        began = time.monotonic()
        version = connection.execute("PRAGMA data_version").fetchall()[0][0]
        if memory.names is None or (memory.versions.get(connection) != version and began >= memory.quiet_until):
            memory.versions[connection] = version
            if _refresh(connection, memory) or memory.names is None:
                memory.names = _joined(memory)
            took = time.monotonic() - began
            memory.quiet_until = began + took / _SHARE if took > _SHORT_SECONDS else began
        return memory.names


def _refresh(connection: Connection, memory: _Memory) -> bool:
    """Read the names of the files that changed; whether there were any."""
    current = {row[0]: row[1:] for row in connection.execute("SELECT id, path, digest FROM files")}
    gone = [file for file in memory.files if file not in current]
    new = [
        file for file, (_, digest) in current.items() if file not in memory.files or memory.files[file].digest != digest
    ]
    for file in gone:
        del memory.files[file]
    for file, rows in _pieces(connection, new, len(current)):
        path, digest = current[file]
        memory.files[file] = _read(path, digest, rows, memory.vocabulary)
    return bool(gone or new)


def _pieces(connection: Connection, files: Sequence[int], number: int) -> Iterator[tuple[int, list[Row]]]:
    """The pieces of some files; in one statement where most are wanted."""
    if len(files) * 2 > number:
        wanted = frozenset(files)
        every = connection.execute("SELECT id, name FROM pieces ORDER BY id")
        for file, rows in groupby(every, lambda row: row[0] // SPAN):
            if file in wanted:
                yield file, list(rows)
        return
    statement = "SELECT id, name FROM pieces WHERE id BETWEEN ? AND ? ORDER BY id"
    for file in files:
        yield file, connection.execute(statement, (file * SPAN, file * SPAN + SPAN - 1)).fetchall()


def _read(path: str, digest: bytes, rows: Sequence[Row], vocabulary: dict[str, int]) -> _File:
    entries: list[tuple[int, int, int]] = []
    known: dict[str, frozenset[str]] = {}
    for place, (_, name) in enumerate(rows):
        met: dict[str, int] = {}
        container, _, own = name.rpartition(".")
        for text, bit in ((container, IN_CONTAINER), (own, IN_NAME)):
            if text not in known:
                known[text] = name_stems(text)
            for stem in known[text]:
                met[stem] = met.get(stem, 0) | bit
        entries += [(vocabulary.setdefault(stem, len(vocabulary)), place, bits) for stem, bits in met.items()]
    folder, _, file = path.rpartition("/")
    above: dict[str, int] = {}
    for text, bit in ((folder, IN_FOLDER), (file.partition(".")[0], IN_FILE)):
        for stem in name_stems(text):
            above[stem] = above.get(stem, 0) | bit
    table = np.array(entries, np.int64).reshape(-1, 3)
    return _File(
        digest,
        kind_of(path),
        np.array([row[0] for row in rows], np.int64),
        np.array([bool(row[1]) for row in rows], np.bool_),
        table[:, 0],
        table[:, 1],
        table[:, 2].astype(np.uint16),
        tuple((vocabulary.setdefault(stem, len(vocabulary)), bits) for stem, bits in above.items()),
    )


def _joined(memory: _Memory) -> Names:
    order = sorted(memory.files)
    files = [memory.files[file] for file in order]
    sizes = np.array([len(one.pieces) for one in files], np.int64)
    offsets = np.cumsum(sizes) - sizes
    stems = _concatenated([one.stems for one in files], np.int64)
    holders = _concatenated([one.holders for one in files], np.int64)
    holders = holders + np.repeat(offsets, [len(one.holders) for one in files])
    bits = _concatenated([one.bits for one in files], np.uint16)
    by_stem = np.argsort(stems, kind="stable")
    kinds = {kind: place for place, kind in enumerate(dict.fromkeys(one.kind for one in files))}
    paths: dict[int, list[tuple[int, int]]] = {}
    for place, one in enumerate(files):
        for stem, where in one.path:
            paths.setdefault(stem, []).append((place, where))
    return Names(
        _concatenated([one.pieces for one in files], np.int64),
        _concatenated([one.named for one in files], np.bool_),
        np.repeat(np.arange(len(files)), sizes),
        np.array(order, np.int64),
        tuple(kinds),
        np.array([kinds[one.kind] for one in files], np.int64),
        memory.vocabulary,
        np.searchsorted(stems[by_stem], np.arange(len(memory.vocabulary) + 1)),
        holders[by_stem],
        bits[by_stem],
        {stem: _columns(met) for stem, met in paths.items()},
    )


def _columns(met: Iterable[tuple[int, int]]) -> tuple[Numbers, Bits]:
    places, bits = zip(*met, strict=True)
    return np.array(places, np.int64), np.array(bits, np.uint16)


def _concatenated(parts: Sequence[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, kind)
