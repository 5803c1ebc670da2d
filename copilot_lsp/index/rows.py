"""The rows of one file: how they are made from its text, written, and removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from posixpath import splitext
from zlib import crc32

from copilot_lsp.core.document import document
from copilot_lsp.index.names import spelled_out
from copilot_lsp.index.source import Source
from copilot_lsp.store.connection import Connection
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.chunks import Piece, plain_pieces
from copilot_lsp.syntax.extract import Extract, extract
from copilot_lsp.syntax.language import Language
from copilot_lsp.syntax.symbols import Symbol

# Ids below one file: file id * SPAN + number.
SPAN = 1 << 16
# Whose vectors: those of the built-in embedder, which are always there, and those of a model when one is configured.
BUILT_IN, MODEL = SPACES = (0, 1)
_NAMES_KEPT = 400
# Raise it when the rows of an unchanged file would be different ones.
_VERSION = 4


@dataclass(frozen=True, slots=True)
class FileRows:
    """Everything that the index stores of one file; `words` holds names and bodies for the full text index."""

    path: str
    language: str
    size: int
    stamp: int
    digest: bytes
    pieces: Sequence[Piece]
    words: Sequence[tuple[str, str]]
    symbols: Sequence[Symbol]
    imports: Sequence[tuple[str, str, str]]


def file_rows(path: str, source: Source) -> FileRows:
    """Parse a file's text and lay out its rows. This is where the time of indexing goes; nothing is written."""
    language = language_of(path, source.text)
    found = _extract(language, source.text)
    pieces = found.pieces[:SPAN]
    return FileRows(
        path,
        language.id if language else "",
        source.size,
        source.stamp,
        source.digest,
        pieces,
        [_row(piece) for piece in pieces],
        found.symbols[:SPAN],
        [
            (tail_of_module(language, one.module), one.module, " ".join(one.names[:_NAMES_KEPT]))
            for one in found.imports[:SPAN]
            if language
        ],
    )


def _row(piece: Piece) -> tuple[str, str]:
    """Name and text, each with the words inside of its capitalised names: a question says `http response`."""
    return f"{piece.name} {spelled_out(piece.name)}", f"{piece.text} {spelled_out(piece.text)}"


@dataclass(frozen=True, slots=True)
class Known:
    """What the index knew of a file when somebody looked; `ABSENT` when it had no rows."""

    size: int
    stamp: int
    digest: bytes
    maker: int

    def holds(self, digest: bytes) -> bool:
        """Whether rows made now from content with this digest would be the same."""
        return self.digest == digest and self.maker == maker()


ABSENT = Known(-1, -1, b"", 0)


def maker() -> int:
    """Stands for what makes rows: this version of the code and the grammars that there are."""
    return _maker(_VERSION, tuple(languages.everything().by_id))


@cache
def _maker(version: int, grammars: tuple[str, ...]) -> int:
    return crc32(f"{version} {' '.join(sorted(grammars))}".encode())


def known(connection: Connection, path: str) -> Known:
    row = connection.execute("SELECT size, stamp, digest, maker FROM files WHERE path = ?", (path,)).fetchone()
    return Known(*row) if row else ABSENT


def write(connection: Connection, batch: Sequence[tuple[FileRows, Known]]) -> list[FileRows]:
    """Put the rows of some files in the place of those that they had, within a transaction of the caller.

    Leaves out, and does not return, a file whose rows are not the expected ones any more: another process has read it
    since, and perhaps a newer text than we did. All files' rows for one table at a time: that takes 7 % less than
    table by table for each file.
    """
    entries = [(rows, _enter(connection, rows, expected)) for rows, expected in batch]
    # Invariant: a row's id is its file's base and its number in the file. The order of columns is the schema's.
    several = [(rows, file * SPAN) for rows, file in entries if file is not None]
    connection.executemany(
        "INSERT INTO pieces VALUES (?, ?, ?, ?, ?, ?)",
        ((number, *place, name) for rows, base in several for number, (place, _, name) in enumerate(rows.pieces, base)),
    )
    connection.executemany(
        "INSERT INTO words (rowid, name, body) VALUES (?, ?, ?)",
        ((number, *words) for rows, base in several for number, words in enumerate(rows.words, base)),
    )
    connection.executemany(
        "INSERT INTO symbols VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (number, *symbol[:-1], *symbol.place)
            for rows, base in several
            for number, symbol in enumerate(rows.symbols, base)
        ),
    )
    connection.executemany(
        "INSERT INTO imports VALUES (?, ?, ?, ?)",
        ((number, *entry) for rows, base in several for number, entry in enumerate(rows.imports, base)),
    )
    return [rows for rows, _ in several]


def _enter(connection: Connection, rows: FileRows, expected: Known) -> int | None:
    """The id under which a file is entered now, its former rows gone; None when they are not the expected ones."""
    file = None
    if expected != ABSENT:
        if known(connection, rows.path) != expected:
            return None
        file = file_id(connection, rows.path)
        if file is not None:
            _erase(connection, file)
    entered = connection.execute(
        "INSERT INTO files (id, path, language, size, stamp, digest, maker, tail) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (path) DO NOTHING RETURNING id",
        (file, rows.path, rows.language, rows.size, rows.stamp, rows.digest, maker(), tail_of_path(rows.path)),
    ).fetchone()
    return entered[0] if entered else None


def restamp(connection: Connection, path: str, size: int, stamp: int) -> None:
    """Note that a file was touched but holds what it held."""
    connection.execute("UPDATE files SET size = ?, stamp = ? WHERE path = ?", (size, stamp, path))


def remove(connection: Connection, path: str, expected: Known | None = None) -> bool:
    """Remove a file's rows, within a transaction of the caller; False when there are none, or not the expected ones."""
    file = file_id(connection, path)
    if file is None or (expected is not None and known(connection, path) != expected):
        return False
    _erase(connection, file)
    return True


def file_id(connection: Connection, path: str) -> int | None:
    row = connection.execute("SELECT id FROM files WHERE path = ?", (path,)).fetchone()
    return row[0] if row else None


def tail_of_path(path: str) -> str:
    """What the name of a module ends with when it means this file."""
    return splitext(path.rpartition("/")[2])[0].lower()


def tail_of_module(language: Language, module: str) -> str:
    """The last part of a module's name without a file's ending, in lower case; empty for `..` and the like."""
    separator = language.imports.separator
    last = module.rstrip(f"*{separator}").rpartition(separator)[2]
    return (splitext(last)[0] if separator == "/" else last).lower()


def _erase(connection: Connection, file: int) -> None:
    first, last = file * SPAN, file * SPAN + SPAN - 1
    for table, key in (("pieces", "id"), ("words", "rowid"), ("symbols", "id"), ("imports", "id")):
        connection.execute(f"DELETE FROM {table} WHERE {key} BETWEEN ? AND ?", (first, last))
    for space in SPACES:
        connection.execute("DELETE FROM vectors WHERE space = ? AND piece BETWEEN ? AND ?", (space, first, last))
    connection.execute("DELETE FROM names WHERE file = ?", (file,))
    connection.execute("DELETE FROM files WHERE id = ?", (file,))


def language_of(path: str, text: str) -> Language | None:
    found = languages.detect(path, text[:200].partition("\n")[0])
    return languages.get(found) if found else None


def _extract(language: Language | None, text: str) -> Extract:
    return extract(text, language) if language else Extract((), (), plain_pieces(document("", text)))
