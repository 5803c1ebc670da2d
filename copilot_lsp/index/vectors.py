"""The vectors of the pieces: which ones are missing, and how they are kept."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.core.document import document
from copilot_lsp.core.text import Position, Span
from copilot_lsp.index.rows import SPAN
from copilot_lsp.index.source import NotIndexed, read_source
from copilot_lsp.store.connection import Connection
from copilot_lsp.store.database import Database

Floats = NDArray[np.float32]


class Waiting(NamedTuple):
    """A file that waits for what follows its text: for vectors in some space, or for its names to be counted."""

    file: int
    path: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class PieceText:
    """A piece's id and text, and its file's digest when it was read."""

    piece: int
    text: str
    digest: bytes


def waiting(connection: Connection, space: int) -> list[Waiting]:
    """The files that have pieces but no vectors in a space."""
    statement = (
        "SELECT id, path, digest FROM files f WHERE "
        f"EXISTS (SELECT 1 FROM pieces WHERE id BETWEEN f.id * {SPAN} AND f.id * {SPAN} + {SPAN - 1}) AND NOT EXISTS "
        f"(SELECT 1 FROM vectors WHERE space = ? AND piece BETWEEN f.id * {SPAN} AND f.id * {SPAN} + {SPAN - 1})"
    )
    return [Waiting(*row) for row in connection.execute(statement, (space,))]


def text_of(root: Path, largest: int, file: Waiting) -> str | None:
    """The text of a file, None when it has changed since it was indexed."""
    try:
        source = read_source(root / file.path, largest)
    except NotIndexed:
        return None
    return source.text if source.digest == file.digest else None


def texts(database: Database, file: Waiting, text: str) -> list[PieceText]:
    """The pieces of one file, whose text is this."""
    with database.read() as connection:
        rows = connection.execute(
            "SELECT id, line, col, end_line, end_col FROM pieces WHERE id BETWEEN ? AND ?",
            (file.file * SPAN, file.file * SPAN + SPAN - 1),
        ).fetchall()
    whole = document("", text)
    return [
        PieceText(piece, whole.slice(Span(Position(line, column), Position(end_line, end_column))), file.digest)
        for piece, line, column, end_line, end_column in rows
    ]


def store(database: Database, space: int, pieces: Sequence[PieceText], vectors: Sequence[bytes]) -> None:
    """Write vectors, except those of files whose rows were replaced in the meantime."""
    with database.write() as connection:
        current = {
            file: digest
            for file in {one.piece // SPAN for one in pieces}
            for (digest,) in connection.execute("SELECT digest FROM files WHERE id = ?", (file,))
        }
        connection.executemany(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
            [
                (space, one.piece, vector)
                for one, vector in zip(pieces, vectors, strict=True)
                if current.get(one.piece // SPAN) == one.digest
            ],
        )


def quantised(vectors: Floats) -> list[bytes]:
    """Unit vectors as int8, all with the same scale, so that distances and angles give the same order.

    The scale puts five standard deviations of a component at 127; what lies beyond is cut off.
    """
    scale = 127.0 * math.sqrt(vectors.shape[1]) / 5.0 if vectors.size else 1.0
    rounded = np.clip(np.rint(vectors * scale), -127, 127).astype(np.int8)
    return [row.tobytes() for row in rounded]
