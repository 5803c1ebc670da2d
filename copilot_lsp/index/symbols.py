"""Where names are defined in the workspace, and how often they are used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from copilot_lsp.core.errors import StoreError
from copilot_lsp.core.text import Position, Span
from copilot_lsp.index.names import id_of
from copilot_lsp.index.rows import SPAN
from copilot_lsp.index.workspace import Workspace
from copilot_lsp.store.connection import Row, Value

_COLUMNS = (
    "f.path, s.name, s.kind, s.container, s.signature, s.doc, "
    "s.line, s.col, s.end_line, s.end_col, s.name_line, s.name_col, s.name_end"
)
_FROM = f"FROM symbols s JOIN files f ON f.id = s.id / {SPAN}"

_LOOKED_AT = 3_000


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition in a file of the workspace; `path` is relative to the root."""

    uri: str
    path: str
    name: str
    kind: str
    container: str
    signature: str
    doc: str
    span: Span
    name_span: Span


def find(
    workspace: Workspace, name: str, *, exclude: frozenset[str] = frozenset(), limit: int = 50
) -> tuple[Definition, ...]:
    """The definitions of exactly this name, in the order of paths. Synchronous, about 0.1 ms.

    `exclude` holds the URIs of open documents: their text on disk is not what the user sees.
    """
    return _select(
        workspace,
        f"SELECT {_COLUMNS} {_FROM} WHERE s.name = ?1 AND s.name = ?1 COLLATE BINARY ORDER BY f.path, s.id",
        (name,),
        exclude,
        limit,
    )


def complete_prefix(
    workspace: Workspace, prefix: str, *, limit: int = 50, exclude: frozenset[str] = frozenset()
) -> tuple[Definition, ...]:
    """One definition of each name that begins with a prefix in any case, shortest names first. Synchronous, <= 5 ms.

    Of a prefix that thousands of definitions share, only the first ones in alphabetical order are looked at.
    """
    if not prefix:
        return ()
    hidden = workspace.paths_of(exclude)
    shown = (
        f"id / {SPAN} NOT IN (SELECT id FROM files WHERE path IN ({', '.join('?' * len(hidden))}))" if hidden else "1"
    )
    rows = _rows(
        workspace,
        f"SELECT name, id FROM symbols WHERE name >= ? AND name < ? AND {shown} ORDER BY name, id LIMIT ?",
        (prefix, prefix + "\U0010ffff", *hidden, _LOOKED_AT),
    )
    first: dict[str, int] = {}
    for name, symbol in rows:
        first.setdefault(name, symbol)
    chosen = [first[name] for name in sorted(first, key=lambda name: (len(name), name))[:limit]]
    statement = f"SELECT {_COLUMNS} {_FROM} WHERE s.id = ?"
    return tuple(one for symbol in chosen for one in _select(workspace, statement, (symbol,), frozenset(), 1))


def count_references(
    workspace: Workspace, names: Sequence[str], *, exclude: frozenset[str] = frozenset()
) -> dict[str, int]:
    """How often each name occurs in the workspace, definitions, comments and strings included; capped at 255 a file.

    Reads the names of all files, so ask for many at once: 20 ms for 500,000 lines; run it in a thread.
    """
    import numpy as np  # 80 ms that only those pay who count

    hidden = workspace.paths_of(exclude)
    rows = _rows(workspace, "SELECT path, ids, counts FROM names JOIN files ON id = file")
    shown = [row for row in rows if row[0] not in hidden]
    present = np.frombuffer(b"".join([row[1] for row in shown]), "<u4")
    counts = np.frombuffer(b"".join([row[2] for row in shown]), np.uint8)
    wanted = np.array([id_of(name) for name in names], np.uint32)
    hits = np.isin(present, wanted)
    totals = {int(one): int(counts[hits][present[hits] == one].sum()) for one in wanted}
    return {name: totals[id_of(name)] for name in names}


def _select(
    workspace: Workspace, statement: str, values: tuple[Value, ...], exclude: frozenset[str], limit: int
) -> tuple[Definition, ...]:
    hidden = workspace.paths_of(exclude)
    seen = (row for row in _rows(workspace, statement, values) if row[0] not in hidden)
    return tuple(_definition(workspace, row) for row in islice(seen, limit))


def _rows(workspace: Workspace, statement: str, values: tuple[Value, ...] = ()) -> Iterator[Row]:
    """The rows of a query. An index that cannot be read gives none: that is not for whoever wants to know a name."""
    try:
        with workspace.database.read() as connection:
            yield from connection.execute(statement, values)
    except StoreError as error:
        workspace.unreadable(error)


def _definition(workspace: Workspace, row: Row) -> Definition:
    path, name, kind, container, signature, doc, line, col, end_line, end_col, name_line, name_col, name_end = row
    return Definition(
        workspace.uri_of(path),
        path,
        name,
        kind,
        container,
        signature,
        doc,
        Span(Position(line, col), Position(end_line, end_col)),
        Span(Position(name_line, name_col), Position(name_line, name_end)),
    )
