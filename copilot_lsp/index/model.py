"""Vectors of pieces and queries made by the user's embedding model, kept beside the built-in ones."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from copilot_lsp.core.errors import ProviderError, ProviderProtocolError
from copilot_lsp.index.embed import quantised
from copilot_lsp.index.job import Task
from copilot_lsp.index.rows import MODEL
from copilot_lsp.index.vectors import PieceText, Waiting, store, text_of, texts, waiting
from copilot_lsp.store.database import Database

_LOG = logging.getLogger(__name__)
_BATCH = 32
# A query is part of something that a person waits for; words are enough when the model is slow.
_QUERY_SECONDS = 1.0
# Facts of the index: whose vectors are being made, and whose are there for every piece.
_OWNER = "model"
_READY = "model ready"
_FORGET = 4_096


class Embedder(Protocol):
    """An embedding model. `name` tells apart whose vectors an index holds; vectors of two names are not compared. It is
    empty while there is no model.
    """

    @property
    def name(self) -> str: ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector for each text, all of the same length. Raises ProviderError."""
        ...


async def embed_all(model: Embedder, database: Database, task: Task) -> None:
    """Give vectors of the model to every file without; what another model made is removed first.

    Raises ProviderError when the model fails; what was done until then is kept.
    """
    await asyncio.to_thread(_claim, database, model.name)
    for file in await asyncio.to_thread(_waiting, database):
        pieces = await asyncio.to_thread(_pieces, database, task, file)
        vectors: list[bytes] = []
        for start in range(0, len(pieces), _BATCH):
            batch = [one.text for one in pieces[start : start + _BATCH]]
            vectors += packed(await model.embed(batch), len(batch))
        await asyncio.to_thread(store, database, MODEL, pieces, vectors)
    await asyncio.to_thread(_set, database, _READY, model.name)


async def embed_query(model: Embedder, database: Database, query: str) -> bytes | None:
    """The query's vector, None when the model fails, is slow, or has not made vectors for all pieces yet."""
    if await asyncio.to_thread(_get, database, _READY) != model.name:
        return None
    try:
        async with asyncio.timeout(_QUERY_SECONDS):
            return packed(await model.embed([query]), 1)[0]
    except (ProviderError, TimeoutError) as error:
        _LOG.info("the search goes without the model: %s", error)
        return None


def packed(vectors: list[list[float]], number: int) -> list[bytes]:
    """A model's vectors as they are kept, scaled to the same length. Raises ProviderProtocolError."""
    lengths = {len(vector) for vector in vectors}
    numbers = np.array(vectors if len(lengths) == 1 else [], np.float32)
    if len(numbers) != number or not np.isfinite(numbers).all():
        raise ProviderProtocolError(f"the model must answer with {number} vectors of one length; check that it embeds")
    return quantised(numbers / np.maximum(np.linalg.norm(numbers, axis=1, keepdims=True), 1e-9))


def _claim(database: Database, name: str) -> None:
    """Make room for a model's vectors: those of another model are of no use beside them."""
    if _get(database, _OWNER) == name:
        return
    forgotten = 1
    while forgotten:
        with database.write() as connection:
            connection.execute("DELETE FROM facts WHERE name = ?", (_READY,))
            connection.execute(
                "DELETE FROM vectors WHERE space = ?1 AND piece IN "
                "(SELECT piece FROM vectors WHERE space = ?1 LIMIT ?2)",
                (MODEL, _FORGET),
            )
            forgotten = connection.changes()
    _set(database, _OWNER, name)


def _waiting(database: Database) -> list[Waiting]:
    with database.read() as connection:
        return waiting(connection, MODEL)


def _pieces(database: Database, task: Task, file: Waiting) -> list[PieceText]:
    text = text_of(task.root, task.scope.max_file_bytes, file)
    return [] if text is None else texts(database, file, text)


def _get(database: Database, fact: str) -> str:
    with database.read() as connection:
        row = connection.execute("SELECT value FROM facts WHERE name = ?", (fact,)).fetchone()
    return row[0].decode() if row else ""


def _set(database: Database, fact: str, value: str) -> None:
    with database.write() as connection:
        connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (fact, value.encode()))
