"""Which pieces hold the words of a query, and how much does each word tell?

FTS5's own ranking costs a microsecond for each piece that matches, and common words are in half of them. So the pieces
of rare words are fetched without any rank, and those of common words are only counted, up to where they are common.
"""

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.index.rows import SPAN
from copilot_lsp.index.terms import Terms
from copilot_lsp.index.thesaurus import related
from copilot_lsp.store.connection import Connection

# A word that is in as many pieces is common, and how many more hold it is estimated.
_COMMON = 2_000
_PIECES_PER_FILE = 16


class Weighed(NamedTuple):
    """A word of a query, the pieces that are known to hold it (none of a common one), and how much it tells."""

    word: str
    pieces: NDArray[np.int64]
    weight: float


def weigh(connection: Connection, terms: Terms) -> tuple[Weighed, ...]:
    """The words with their weights, those aside that no piece holds and that have no other name."""
    # One text for all rows: making an object of each takes longer than finding it.
    statement = f"SELECT group_concat(rowid) FROM (SELECT rowid FROM words WHERE words MATCH ? LIMIT {_COMMON})"
    files, last = connection.execute("SELECT count(*), max(id) FROM files").fetchall()[0]
    found: list[Weighed] = []
    for word in terms.words:
        told = connection.execute(statement, (_phrase(word),)).fetchall()[0][0]
        rows = np.fromstring(told, np.int64, sep=",") if told else np.zeros(0, np.int64)
        held = float(len(rows))
        if held == _COMMON:
            # Fetching stopped there; what is left of the index holds as many as what was seen of it.
            held *= max(1.0, last / max(1, int(rows[-1]) // SPAN))
            rows = rows[:0]
        if held or related(word):
            weight = terms.strength(word) * math.log(1 + _PIECES_PER_FILE * files / (held + 0.5))
            found.append(Weighed(word, rows, weight))
    return tuple(found)


def holding(connection: Connection, words: Sequence[Weighed], hidden: Collection[int], limit: int) -> list[int]:
    """Pieces that hold all of some words that are everywhere: any of them, for nothing tells them apart."""
    match = " AND ".join(_phrase(one.word) for one in words)
    aside = f"AND rowid / {SPAN} NOT IN ({', '.join(map(str, hidden))})" if hidden else ""
    statement = f"SELECT rowid FROM words WHERE words MATCH ? {aside} LIMIT {limit}"
    return [row[0] for row in connection.execute(statement, (match,))] if words else []


def _phrase(word: str) -> str:
    """Quoted, for a bare word may be an operator of FTS5."""
    return f'"{word}"'
