"""Which code elsewhere has the rarest names that are in sight at a place?

Not a search: whoever types waits for it. Names that are everywhere cost most and tell least, so each is counted up to
a small number and then left out, and nothing is ranked but by how rare the shared names are.
"""

from collections.abc import Iterable, Sequence
from math import log

from copilot_lsp.core.document import document
from copilot_lsp.core.errors import StoreError
from copilot_lsp.core.fill import Chunk
from copilot_lsp.core.text import Position, Span
from copilot_lsp.index.rows import SPAN
from copilot_lsp.index.source import NotIndexed, read_source
from copilot_lsp.index.workspace import Workspace
from copilot_lsp.store.connection import Connection

# A name in more pieces than this tells nothing about any of them.
_RARE = 40
# One shared name is chance.
_SHARED = 2


def similar(workspace: Workspace, names: Sequence[str], hidden: Iterable[str], limit: int) -> tuple[Chunk, ...]:
    """The pieces that share most of some names, none of files with a hidden path; `score` is 1 for all names.

    A file that has changed since it was indexed is left out, as is everything while the index cannot be read.
    Synchronous, 2 ms: run it in a thread.
    """
    try:
        with workspace.database.read() as connection:
            marks = ", ".join("?" * len(paths := tuple(hidden)))
            rows = connection.execute(f"SELECT id FROM files WHERE path IN ({marks})", paths).fetchall()
            best = _best(connection, names, {row[0] for row in rows})
            found: list[Chunk] = []
            for piece, score, shared in best:
                chunk = _chunk(workspace, connection, piece, score, shared)
                if chunk is not None:
                    found.append(chunk)
                    if len(found) == limit:
                        break
    except StoreError as error:
        workspace.unreadable(error)
        return ()
    return tuple(found)


def _best(connection: Connection, names: Sequence[str], hidden: set[int]) -> list[tuple[int, float, list[str]]]:
    """Pieces by the rarity of the names that they share, with these names."""
    scores: dict[int, float] = {}
    shared: dict[int, list[str]] = {}
    most = 0.0
    for name in names:
        # In the index a name is a phrase of its words.
        statement = f"SELECT rowid FROM words WHERE words MATCH ? LIMIT {_RARE + 1}"
        pieces = [row[0] for row in connection.execute(statement, (f'body : "{name}"',))]
        if len(pieces) > _RARE:
            continue
        weight = log(2 * _RARE / (1 + len(pieces)))
        most += weight
        for piece in pieces:
            if piece // SPAN not in hidden:
                scores[piece] = scores.get(piece, 0.0) + weight
                shared.setdefault(piece, []).append(name)
    ranked = sorted(scores.items(), key=lambda entry: -entry[1])
    return [(piece, score / most, shared[piece]) for piece, score in ranked if len(shared[piece]) >= _SHARED]


def _chunk(
    workspace: Workspace, connection: Connection, piece: int, score: float, shared: Sequence[str]
) -> Chunk | None:
    row = connection.execute(
        "SELECT f.path, f.digest, p.line, p.col, p.end_line, p.end_col, p.name FROM pieces p "
        f"JOIN files f ON f.id = p.id / {SPAN} WHERE p.id = ?",
        (piece,),
    ).fetchone()
    if row is None:
        return None
    path, digest, line, column, end_line, end_column, name = row
    try:
        source = read_source(workspace.root / path, workspace.scope.max_file_bytes)
    except NotIndexed:
        return None
    if source.digest != digest:
        return None
    span = Span(Position(line, column), Position(end_line, end_column))
    shown = document(workspace.uri_of(path), source.text)
    return Chunk(shown.uri, path, span, shown.slice(span), name, score, f"also has {', '.join(shared[:3])}")
