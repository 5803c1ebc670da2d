"""Which pieces hold the words of a query?

Ranking costs a microsecond for each piece that matches, so only the rarest words are looked for in the text; the others
count where they are in the names of definitions, which are few.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from copilot_lsp.index.rows import SPAN
from copilot_lsp.store.connection import Connection

# So many pieces may hold the words that are looked for in the text, and so many one word, to be counted.
_BUDGET = 3_000
_COUNTED = 6_000
_PIECES_PER_FILE = 16


class Weighed(NamedTuple):
    """A word, how many pieces hold it (as far as was counted), and its weight: the rarer, the more."""

    word: str
    pieces: int
    weight: float


def weigh(connection: Connection, words: Sequence[str]) -> tuple[Weighed, ...]:
    """The words with their weights, the rarest first, those aside that no piece holds."""
    statement = f"SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT {_COUNTED})"
    counted = [(word, connection.execute(statement, (f'"{word}"',)).fetchall()[0][0]) for word in words]
    files = connection.execute("SELECT count(*) FROM files").fetchall()[0][0]
    pieces = _PIECES_PER_FILE * files
    found = [Weighed(word, held, math.log(1 + pieces / (held + 0.5))) for word, held in counted if held]
    return tuple(sorted(found, key=lambda one: one.pieces))


def by_words(
    connection: Connection, words: Sequence[Weighed], hidden: Sequence[int], limit: int
) -> list[tuple[int, float]]:
    """The pieces that fit best, best first, with the sum of their BM25 in the text and in the name."""
    if not words:
        return []
    spoken: list[str] = []
    left = _BUDGET
    for one in words:
        left -= one.pieces
        if left >= 0:
            spoken.append(one.word)
    if spoken:
        return _ranked(
            connection, f"{_any('body', spoken)} OR {_any('name', [one.word for one in words])}", hidden, limit
        )
    named = _ranked(connection, _any("name", [one.word for one in words]), hidden, limit)
    return named + [one for one in _first(connection, words[:2], hidden, limit) if one[0] not in dict(named)]


def _any(column: str, words: Sequence[str]) -> str:
    """An FTS5 expression. Everything is quoted: a bare word may be an operator there."""
    quoted = " OR ".join(f'"{word}"' for word in words)
    return f"{{{column}}} : ({quoted})"


def _ranked(connection: Connection, match: str, hidden: Sequence[int], limit: int) -> list[tuple[int, float]]:
    statement = (
        f"SELECT rowid, -rank FROM words WHERE words MATCH ? {_shown(hidden)} AND rank MATCH 'bm25(1.0, 1.0)' "
        f"ORDER BY rank LIMIT {limit}"
    )
    return [(piece, score) for piece, score in connection.execute(statement, (match,))]


def _first(
    connection: Connection, words: Sequence[Weighed], hidden: Sequence[int], limit: int
) -> list[tuple[int, float]]:
    """Pieces that hold all of some words that are everywhere: any of them, for ranking them all takes too long."""
    match = " AND ".join(f'"{one.word}"' for one in words)
    statement = f"SELECT rowid FROM words WHERE words MATCH ? {_shown(hidden)} LIMIT {limit}"
    return [(piece, 0.0) for (piece,) in connection.execute(statement, (match,))]


def _shown(hidden: Sequence[int]) -> str:
    return f"AND rowid / {SPAN} NOT IN ({', '.join(map(str, hidden))})" if hidden else ""
