"""The vectors of the pieces: which ones are missing, and how they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from copilot_lsp.core.document import document
from copilot_lsp.core.text import Position, Span
from copilot_lsp.index.embed import Floats, embed, quantised, unpacked, weigh
from copilot_lsp.index.rows import SPAN
from copilot_lsp.index.source import NotIndexed, read_source
from copilot_lsp.store.connection import Connection
from copilot_lsp.store.database import Database

_WEIGHTS = "weights"


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


def learn(database: Database, pieces: Sequence[PieceText]) -> None:
    """Weigh the words by how many of some pieces hold them."""
    with database.write() as connection:
        weights = weigh([one.text for one in pieces])
        connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (_WEIGHTS, weights))


def embed_built_in(connection: Connection, text: str) -> bytes:
    """The vector that the built-in embedder gives a text."""
    return quantised(embed([text], kept_weights(connection)))[0]


def kept_weights(connection: Connection) -> Floats:
    """The weights that were learnt last; all words count alike before any were."""
    row = connection.execute("SELECT value FROM facts WHERE name = ?", (_WEIGHTS,)).fetchone()
    return unpacked(row[0] if row else None)
