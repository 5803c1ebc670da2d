"""What do files define and import, the text of open documents before what is on disk?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from copilot_lsp.index.rows import SPAN
from copilot_lsp.store.connection import Connection
from copilot_lsp.syntax.imports import Import
from copilot_lsp.syntax.symbols import TYPES, Symbol

# A name that more files than this define says nothing about where this one is from.
COMMON = 24
# One that more files define (`main`) is not looked for in all of them.
_TOPS = 400
_COLUMNS = "f.path, s.name, s.kind, s.container, s.signature, s.doc, s.line, s.col, s.end_line, s.end_col"
_FROM = f"FROM symbols s JOIN files f ON f.id = s.id / {SPAN}"


class Row(NamedTuple):
    """A definition. `path` is its file's below the root, `container` the dotted names around it; numbers from 0."""

    path: str
    name: str
    kind: str
    container: str
    signature: str
    doc: str
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def inside(self) -> str:
        """The container of what is defined in it."""
        return f"{self.container}.{self.name}" if self.container else self.name


@dataclass(frozen=True, slots=True)
class Opened:
    """What an open document holds now, which its file may not."""

    symbols: tuple[Symbol, ...] = ()
    imports: tuple[Import, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Defined:
    """The files of one workspace while one request is answered. `opened` is by path, None where nothing is known of an
    open document; its file is hidden then as well. `subject` is the document that is asked about: it answers for
    itself, but is not found by `named`.
    """

    connection: Connection
    opened: Mapping[str, Opened | None]
    subject: str = ""
    _files: dict[str, tuple[int, str] | None] = field(default_factory=dict[str, tuple[int, str] | None])
    _tops: dict[str, Mapping[str, Row]] = field(default_factory=dict[str, Mapping[str, Row]])

    def named(self, name: str) -> list[Row]:
        """The definitions of exactly this name outside the subject; none of one that is defined all over the place."""
        statement = f"SELECT {_COLUMNS} {_FROM} WHERE s.name = ?1 AND s.name = ?1 COLLATE BINARY LIMIT {COMMON + 1}"
        rows = [Row._make(row) for row in self.connection.execute(statement, (name,))]
        if len(rows) > COMMON:
            return []
        shown = [row for row in rows if row.path not in self.opened]
        for path, opened in self.opened.items():
            if opened is not None and path != self.subject:
                shown += (_row(path, one) for one in opened.symbols if one.name == name)
        return shown

    def types_like(self, name: str) -> list[Row]:
        """The types with this name in any case; none when there are many."""
        statement = (
            f"SELECT {_COLUMNS} {_FROM} WHERE s.name = ? AND s.kind IN ({', '.join('?' * len(TYPES))}) LIMIT {COMMON}"
        )
        rows = [Row._make(row) for row in self.connection.execute(statement, (name, *sorted(TYPES)))]
        return [row for row in rows if row.path not in self.opened] if len(rows) < COMMON else []

    def tops(self, name: str) -> Mapping[str, Row]:
        """What files define under a name outside of any class, by path."""
        known = self._tops.get(name)
        if known is None:
            statement = (
                f"SELECT {_COLUMNS} {_FROM} WHERE s.name = ?1 AND s.name = ?1 COLLATE BINARY "
                f"AND s.container = '' LIMIT {_TOPS}"
            )
            rows = [Row._make(row) for row in self.connection.execute(statement, (name,))]
            known = {row.path: row for row in rows if row.path not in self.opened}
            for path, opened in self.opened.items():
                for one in opened.symbols if opened else ():
                    if one.name == name and not one.container:
                        known[path] = _row(path, one)
            self._tops[name] = known
        return known

    def of(self, path: str, container: str) -> list[Row]:
        """The definitions directly in a class (its dotted name) or, for "", at the top of a file, in reading order."""
        if path in self.opened:
            return [_row(path, one) for one in self._symbols(path) if one.container == container]
        file = self._file(path)
        if file is None:
            return []
        statement = f"SELECT {_COLUMNS} {_FROM} WHERE s.id BETWEEN ? AND ? AND s.container = ? ORDER BY s.id"
        rows = self.connection.execute(statement, (*_range(file[0]), container))
        return [Row._make(row) for row in rows]

    def one(self, path: str, container: str, name: str) -> Row | None:
        """The definition of a name directly in a class, or at the top of a file; the first one."""
        if path in self.opened:
            return next((row for row in self.of(path, container) if row.name == name), None)
        file = self._file(path)
        if file is None:
            return None
        statement = (
            f"SELECT {_COLUMNS} {_FROM} WHERE s.id BETWEEN ?1 AND ?2 AND s.container = ?3 AND s.name = ?4 "
            "AND s.name = ?4 COLLATE BINARY ORDER BY s.id LIMIT 1"
        )
        row = self.connection.execute(statement, (*_range(file[0]), container, name)).fetchone()
        return Row._make(row) if row else None

    def imports(self, path: str) -> Sequence[Import]:
        """What a file imports."""
        if path in self.opened:
            opened = self.opened[path]
            return opened.imports if opened else ()
        file = self._file(path)
        if file is None:
            return ()
        statement = "SELECT module, names FROM imports WHERE id BETWEEN ? AND ?"
        rows = self.connection.execute(statement, _range(file[0]))
        return [Import(module, tuple(names.split()), (0, 0, 0, 0)) for module, names in rows]

    def namesakes(self, path: str, stem: str) -> list[str]:
        """Files that are called so but for their folder and ending, without the one at `path`."""
        statement = "SELECT path FROM files WHERE tail = ? AND language = (SELECT language FROM files WHERE path = ?)"
        return [row[0] for row in self.connection.execute(statement, (stem.lower(), path)) if row[0] != path]

    def language(self, path: str) -> str:
        file = self._file(path)
        return file[1] if file else ""

    def digest(self, path: str) -> bytes:
        """The digest of a file's content when it was indexed."""
        row = self.connection.execute("SELECT digest FROM files WHERE path = ?", (path,)).fetchone()
        return row[0] if row else b""

    def _symbols(self, path: str) -> Sequence[Symbol]:
        opened = self.opened[path]
        return opened.symbols if opened else ()

    def _file(self, path: str) -> tuple[int, str] | None:
        if path not in self._files:
            row = self.connection.execute("SELECT id, language FROM files WHERE path = ?", (path,)).fetchone()
            self._files[path] = (row[0], row[1]) if row else None
        return self._files[path]


def _range(file: int) -> tuple[int, int]:
    return file * SPAN, file * SPAN + SPAN - 1


def _row(path: str, one: Symbol) -> Row:
    return Row(path, one.name, one.kind, one.container, one.signature, one.doc, *one.place[:4])
