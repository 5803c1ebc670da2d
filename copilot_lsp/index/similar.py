"""Which code elsewhere is like the code at a place?

Not a search: whoever types waits for it. Two ways take turns: pieces with the rarest of the names that are in sight,
and pieces whose vectors are most like that of the lines above. Names that are everywhere cost most and tell least, so
each is counted up to a small number and then left out. Decision 0006 has what each way finds.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from math import log

from copilot_lsp.core.document import document
from copilot_lsp.core.errors import StoreError
from copilot_lsp.core.fill import Chunk
from copilot_lsp.core.text import Position, Span
from copilot_lsp.index.nearest import nearest
from copilot_lsp.index.rows import BUILT_IN, SPAN
from copilot_lsp.index.source import NotIndexed, read_source
from copilot_lsp.index.vectors import embed_built_in
from copilot_lsp.index.workspace import Workspace
from copilot_lsp.store.connection import Connection

# A name in more pieces than this tells nothing about any of them.
_RARE = 40
# One shared name is chance.
_SHARED = 2
# The cosine of code that has little to do with each other.
_ALIKE = 0.25


def similar(
    workspace: Workspace, names: Sequence[str], code: str, hidden: Iterable[str], limit: int
) -> tuple[Chunk, ...]:
    """The pieces that share most of some names, and those that are most like some code; none of files with a hidden
    path. `score` is 1 for all names, or for the same words.

    A file that has changed since it was indexed is left out, as is everything while the index cannot be read.
    Synchronous, 5 ms in 45,000 pieces: run it in a thread.
    """
    try:
        with workspace.database.read() as connection:
            marks = ", ".join("?" * len(paths := tuple(hidden)))
            rows = connection.execute(f"SELECT id FROM files WHERE path IN ({marks})", paths).fetchall()
            files = {row[0] for row in rows}
            alike = _alike(workspace, connection, code, sorted(files), limit)
            found: dict[int, Chunk] = {}
            for piece, score, reason in _in_turn(_best(connection, names, files), alike):
                chunk = None if piece in found else _chunk(workspace, connection, piece, score, reason)
                if chunk is not None:
                    found[piece] = chunk
                    if len(found) == limit:
                        break
    except StoreError as error:
        workspace.unreadable(error)
        return ()
    return tuple(found.values())


_Like = tuple[int, float, str]


def _in_turn(*several: Sequence[_Like]) -> Iterator[_Like]:
    """The best of each, then the second best of each, and so on."""
    for turn in zip_longest(*several):
        yield from (one for one in turn if one is not None)


def _alike(workspace: Workspace, connection: Connection, code: str, hidden: Sequence[int], limit: int) -> list[_Like]:
    """Pieces by the likeness of their vectors to that of some code, of all the words in both."""
    if not workspace.scope.vectors or not code.strip():
        return []
    vector = embed_built_in(connection, code)
    rated = nearest(workspace.database, connection, BUILT_IN, vector, limit, hidden)
    return [(piece, cosine, "is like the lines above") for piece, cosine in rated.items() if cosine >= _ALIKE]


def _best(connection: Connection, names: Sequence[str], hidden: set[int]) -> list[_Like]:
    """Pieces by the rarity of the names that they share."""
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
    return [
        (piece, score / most, f"also has {', '.join(names[:3])}")
        for piece, score in ranked
        if len(names := shared[piece]) >= _SHARED
    ]


def _chunk(workspace: Workspace, connection: Connection, piece: int, score: float, reason: str) -> Chunk | None:
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
    return Chunk(shown.uri, path, span, shown.slice(span), name, score, reason)
