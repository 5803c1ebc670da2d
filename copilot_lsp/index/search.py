"""Which pieces of the workspace bear on a query?"""

import asyncio
import time
from collections.abc import Sequence

from copilot_lsp.core.errors import StoreDamaged
from copilot_lsp.core.fill import Chunk
from copilot_lsp.index.lexical import holding, weigh
from copilot_lsp.index.naming import names
from copilot_lsp.index.nearest import cosines, nearest
from copilot_lsp.index.passages import Passage, passages
from copilot_lsp.index.propose import proposals
from copilot_lsp.index.rank import Candidate, Measure, Rated, ranked
from copilot_lsp.index.rows import MODEL, SPAN
from copilot_lsp.index.stems import stem_counts
from copilot_lsp.index.terms import Terms, terms_of
from copilot_lsp.index.workspace import Workspace
from copilot_lsp.store.connection import Connection
from copilot_lsp.telemetry.metrics import observe
from copilot_lsp.telemetry.span import span

# So many more pieces are read than are shown.
_SPARE = 20
# A name with more definitions than this (`get`, `__init__`) says nothing.
_DEFINITIONS = 20


async def search(
    workspace: Workspace, query: str, *, limit: int = 10, exclude: frozenset[str] = frozenset()
) -> tuple[Chunk, ...]:
    """The pieces of the workspace that fit a query (a question or code) best, with scores and reasons.

    Joins the full text index, the names of definitions and paths, and vectors if the user has a model for them.
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
    workspace: Workspace, terms: Terms, vector: bytes | None, limit: int, hidden: frozenset[str]
) -> tuple[Chunk, ...]:
    with workspace.database.read() as connection:
        files = _ids(connection, hidden)
        words = weigh(connection, terms)
        wanted = limit + _SPARE
        found = proposals(names(workspace.database, connection), words, terms, files, wanted)
        defined = _defined(connection, terms, files)
        likenesses: dict[int, float] = {}
        if vector is not None:
            likenesses = nearest(workspace.database, connection, MODEL, vector, wanted, files)
            likenesses |= cosines(connection, MODEL, vector, {*found, *defined})
        pieces = {*found, *defined, *likenesses} or holding(connection, words, files, wanted)
        read = {one.piece: one for one in passages(workspace, connection, pieces)}
    measure = Measure(terms, words)
    candidates = [
        Candidate(
            piece,
            one.path,
            one.name,
            *stem_counts(one.text, measure.stems),
            one.doc,
            likenesses.get(piece, 0.0),
            defined.get(piece, ""),
        )
        for piece, one in read.items()
    ]
    best = ranked(measure, candidates)[:limit]
    return tuple([_chunk(workspace, measure, rated, read[rated.candidate.piece]) for rated in best])


def _defined(connection: Connection, terms: Terms, hidden: Sequence[int]) -> dict[int, str]:
    """Pieces that define one of the names, with the name: the rarer the name, the earlier."""
    statement = (
        f"SELECT id, line FROM symbols WHERE name = ?1 AND name = ?1 COLLATE BINARY AND id / {SPAN} "
        f"NOT IN ({', '.join(map(str, hidden))}) LIMIT {_DEFINITIONS + 1}"
    )
    asked = terms.names if len(terms.names) == 1 else [name for name in terms.names if name in terms.written]
    defined = [(name, connection.execute(statement, (name,)).fetchall()) for name in asked]
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


def _chunk(workspace: Workspace, measure: Measure, rated: Rated, shown: Passage) -> Chunk:
    reason = ", ".join(measure.reasons(rated))
    uri = workspace.uri_of(shown.path)
    return Chunk(uri, shown.path, shown.span, shown.text, shown.name, rated.certainty, reason)
