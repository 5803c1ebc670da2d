"""What do some pieces of the index say, as far as their files are still what was indexed?"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from copilot_lsp.core.document import document
from copilot_lsp.core.text import Position, Span
from copilot_lsp.index.rows import SPAN
from copilot_lsp.index.source import NotIndexed, read_source
from copilot_lsp.index.workspace import Workspace
from copilot_lsp.store.connection import Connection, Row


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece with its text; `doc` is the first sentence of what documents the definition that begins in it."""

    piece: int
    path: str
    name: str
    span: Span
    text: str
    doc: str


def passages(workspace: Workspace, connection: Connection, pieces: Iterable[int]) -> Iterator[Passage]:
    """The pieces by file. A file that has changed since it was indexed has none: a save brings it back."""
    rows = connection.execute(
        "SELECT p.id, p.line, p.col, p.end_line, p.end_col, p.name, f.path, f.digest FROM pieces p "
        f"JOIN files f ON f.id = p.id / {SPAN} WHERE p.id IN ({', '.join(map(str, pieces))})"
    )
    files: dict[tuple[str, bytes], list[Row]] = defaultdict(list)
    for *place, path, digest in rows:
        files[path, digest].append(tuple(place))
    for (path, digest), inside in files.items():
        text = _text(workspace, path, digest)
        if text is None:
            continue
        cut = _cutter(text, max(row[3] for row in inside))
        for piece, line, column, end_line, end_column, name in inside:
            place = Span(Position(line, column), Position(end_line, end_column))
            yield Passage(piece, path, name, place, cut(place), _doc(connection, piece, line, end_line))


def _cutter(text: str, last: int) -> Callable[[Span], str]:
    """What gives the text of a span that ends at the last line or before."""
    if "\r" in text:
        return document("", text).slice
    # Where each line of a long file begins takes longer to find out than everything else here.
    lines = text.split("\n", last + 1)

    def cut(place: Span) -> str:
        inside = lines[place.start.line : place.end.line + 1]
        inside[-1] = inside[-1][: place.end.column]
        inside[0] = inside[0][place.start.column :]
        return "\n".join(inside)

    return cut


def _text(workspace: Workspace, path: str, digest: bytes) -> str | None:
    try:
        source = read_source(os.path.join(workspace.root, path), workspace.scope.max_file_bytes)
    except NotIndexed:
        return None
    return source.text if source.digest == digest else None


def _doc(connection: Connection, piece: int, line: int, end_line: int) -> str:
    first = piece // SPAN * SPAN
    row = connection.execute(
        "SELECT doc FROM symbols WHERE id BETWEEN ? AND ? AND line BETWEEN ? AND ? LIMIT 1",
        (first, first + SPAN - 1, line, end_line),
    ).fetchone()
    return row[0] if row else ""
