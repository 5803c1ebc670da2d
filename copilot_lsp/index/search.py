"""Which pieces of the workspace bear on a query?"""

import asyncio
import time
from collections.abc import Iterable, Sequence

from copilot_lsp.core.document import Document, document
from copilot_lsp.core.errors import StoreDamaged
from copilot_lsp.core.fill import Chunk
from copilot_lsp.core.text import Position, Span
from copilot_lsp.index.lexical import by_words, weigh
from copilot_lsp.index.nearest import cosines, nearest
from copilot_lsp.index.rank import Candidate, Measure, Rated, ranked
from copilot_lsp.index.rows import MODEL, SPAN
from copilot_lsp.index.source import NotIndexed, read_source
from copilot_lsp.index.terms import Terms, terms_of
from copilot_lsp.index.workspace import Workspace
from copilot_lsp.store.connection import Connection
from copilot_lsp.telemetry.metrics import observe
from copilot_lsp.telemetry.span import span

# How many pieces the full text index may propose; with 150 the answers are the same.
_PROPOSALS = 60
# A name with more definitions than this (`get`, `__init__`) says nothing.
_DEFINITIONS = 20


async def search(
    workspace: Workspace, query: str, *, limit: int = 10, exclude: frozenset[str] = frozenset()
) -> tuple[Chunk, ...]:
    """The pieces of the workspace that fit a query (a question or code) best, with scores and reasons.

    Joins the full text index, definitions of names in the query, and vectors as far as they are there.
    `exclude` holds URIs of open documents: their text on disk is not what the user sees. Runs in a thread. Nothing is
    found in an index that turns out to be damaged; it is built anew. Raises `StoreError` for the rest.
    """
    terms = terms_of(query)
    if not terms.words or limit < 1:
        return ()
    began = time.monotonic()
    with span("index.search") as current:
        try:
            vector = await workspace.embed_query(query)
            found = await asyncio.to_thread(_search, workspace, terms, vector, limit, workspace.paths_of(exclude))
        except StoreDamaged:
            workspace.repair_soon()
            found = ()
        current.set(hits=len(found))
    observe("search_seconds", time.monotonic() - began)
    return found


def _search(
    workspace: Workspace, terms: Terms, vector: tuple[int, bytes] | None, limit: int, hidden: frozenset[str]
) -> tuple[Chunk, ...]:
    with workspace.database.read() as connection:
        files = _ids(connection, hidden)
        words = weigh(connection, terms.words)
        texts = dict(by_words(connection, words, files, _PROPOSALS))
        defined = _defined(connection, terms.names, files)
        likenesses: dict[int, float] = {}
        if vector is not None:
            # The built-in vectors know no other words than the text has: they rate what words find, and find nothing.
            if vector[0] == MODEL:
                likenesses = nearest(workspace.database, connection, *vector, _PROPOSALS, files)
            likenesses |= cosines(connection, *vector, texts.keys() | defined.keys())
        shown: list[Chunk] = []
        read = _Reader(workspace)
        measure = Measure(terms, words, meaning=vector is not None and vector[0] == MODEL)
        for rated in ranked(measure, _candidates(connection, texts, defined, likenesses)):
            chunk = _chunk(connection, read, rated, measure)
            if chunk:
                shown.append(chunk)
                if len(shown) == limit:
                    break
    return tuple(shown)


def _candidates(
    connection: Connection, texts: dict[int, float], defined: dict[int, str], likenesses: dict[int, float]
) -> list[Candidate]:
    pieces = texts.keys() | defined.keys() | likenesses.keys()
    rows = connection.execute(
        f"SELECT p.id, f.path, p.name FROM pieces p JOIN files f ON f.id = p.id / {SPAN} "
        f"WHERE p.id IN ({', '.join(map(str, pieces))})"
    )
    return [
        Candidate(piece, path, name, texts.get(piece, 0.0), likenesses.get(piece, 0.0), defined.get(piece, ""))
        for piece, path, name in rows
    ]


def _defined(connection: Connection, names: Iterable[str], hidden: Sequence[int]) -> dict[int, str]:
    """Pieces that define one of the names, with the name: the rarer the name, the earlier."""
    statement = (
        f"SELECT id, line FROM symbols WHERE name = ?1 AND name = ?1 COLLATE BINARY AND id / {SPAN} "
        f"NOT IN ({', '.join(map(str, hidden))}) LIMIT {_DEFINITIONS + 1}"
    )
    defined = [(name, connection.execute(statement, (name,)).fetchall()) for name in names]
    found: dict[int, str] = {}
    for name, rows in sorted(defined, key=lambda entry: len(entry[1])):
        for symbol, line in rows if len(rows) <= _DEFINITIONS else ():
            piece = connection.execute(
                "SELECT id FROM pieces WHERE id BETWEEN ? AND ? AND line <= ? ORDER BY id DESC LIMIT 1",
                (symbol // SPAN * SPAN, symbol // SPAN * SPAN + SPAN - 1, line),
            ).fetchone()
            if piece:
                found.setdefault(piece[0], name)
    return found


def _ids(connection: Connection, paths: frozenset[str]) -> list[int]:
    marks = ", ".join("?" * len(paths))
    return [row[0] for row in connection.execute(f"SELECT id FROM files WHERE path IN ({marks})", tuple(paths))]


def _chunk(connection: Connection, read: "_Reader", rated: Rated, measure: Measure) -> Chunk | None:
    """The piece with its text, None when its file has changed since it was indexed: a save brings it back."""
    row = connection.execute(
        f"SELECT f.digest, p.line, p.col, p.end_line, p.end_col FROM pieces p JOIN files f ON f.id = p.id / {SPAN} "
        "WHERE p.id = ?",
        (rated.candidate.piece,),
    ).fetchone()
    if row is None:
        return None
    digest, line, column, end_line, end_column = row
    place = Span(Position(line, column), Position(end_line, end_column))
    path, name = rated.candidate.path, rated.candidate.name
    shown = read.document(path, digest)
    if shown is None:
        return None
    reason = ", ".join(measure.reasons(rated))
    return Chunk(shown.uri, path, place, shown.slice(place), name, rated.certainty, reason)


class _Reader:
    """Reads each file once for all of its pieces that are shown."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[str, Document | None] = {}

    def document(self, path: str, digest: bytes) -> Document | None:
        if path not in self._known:
            self._known[path] = self._read(path, digest)
        return self._known[path]

    def _read(self, path: str, digest: bytes) -> Document | None:
        try:
            source = read_source(self._workspace.root / path, self._workspace.scope.max_file_bytes)
        except NotIndexed:
            return None
        return document(self._workspace.uri_of(path), source.text) if source.digest == digest else None
