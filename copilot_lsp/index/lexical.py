"""Which pieces hold the words of a query?

Ranking costs a microsecond for each piece that matches, and a word that is everywhere tells little. So pieces are found
by the rarest words in the text and by those that are not too common in the names of definitions; the others raise what
was found. What is too common even for that is for `rank` to see, in names and paths.
"""

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from copilot_lsp.index.rows import SPAN
from copilot_lsp.store.connection import Connection

# So many pieces may hold the words that are looked for in the text, all together, and so many those that only raise
# what was found; a word in more than `_COMMON` is not looked for in names: all its pieces are gone through for that.
_BUDGET, _RAISING = 1_500, 8_000
_COMMON = 2_000
_PIECES_PER_FILE = 16


class Weighed(NamedTuple):
    """A word, how many pieces hold it (about, where many do), and its weight: the rarer, the more."""

    word: str
    pieces: int
    weight: float


def weigh(connection: Connection, words: Sequence[str]) -> tuple[Weighed, ...]:
    """The words with their weights, the rarest first, those aside that no piece holds."""
    statement = f"SELECT count(*), max(rowid) FROM (SELECT rowid FROM words WHERE words MATCH ? LIMIT {_COMMON})"
    files, last = connection.execute("SELECT count(*), max(id) FROM files").fetchall()[0]
    found: list[Weighed] = []
    for word in words:
        held, reached = connection.execute(statement, (f'"{word}"',)).fetchall()[0]
        if held == _COMMON:
            # Counting stopped there; what is left of the index holds as many as what was seen of it.
            held = int(held * max(1.0, last / max(1, reached // SPAN)))
        if held:
            found.append(Weighed(word, held, math.log(1 + _PIECES_PER_FILE * files / (held + 0.5))))
    return tuple(sorted(found, key=lambda one: one.pieces))


def by_words(
    connection: Connection, words: Sequence[Weighed], hidden: Sequence[int], limit: int
) -> list[tuple[int, float]]:
    """The pieces that fit best, best first, with the sum of their BM25 in the text and in the name."""
    spoken = _within(_BUDGET, words)
    raising = _within(_RAISING, words[len(spoken) :])
    named = [one.word for one in words if one.pieces <= _COMMON]
    parts = [_any(column, chosen) for column, chosen in (("body", spoken), ("name", named)) if chosen]
    match = " OR ".join(parts)
    if parts and raising:
        # What finds stands on both sides and counts twice, and so must what raises.
        match = f"({match}) AND ({_any('body', raising + raising)} OR {match})"
    found = _ranked(connection, match, hidden, limit) if parts else []
    if raising:
        found = [(piece, score / 2) for piece, score in found]
    if words and not spoken:
        known = {piece for piece, _ in found}
        found += [one for one in _first(connection, words[:2], hidden, limit) if one[0] not in known]
    return found


def _within(budget: int, words: Sequence[Weighed]) -> list[str]:
    """The first words, as many as are held by no more pieces than the budget."""
    held = list(accumulate(one.pieces for one in words))
    return [one.word for one, so_far in zip(words, held, strict=True) if so_far <= budget]


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
