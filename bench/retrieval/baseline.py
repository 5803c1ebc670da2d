"""BM25 with stems and path words: what anyone gets who puts the same pieces into a full text index.

A row holds the text of a piece, the words that capitals separate in it, and the words of its path; SQLite's own ranking
and stemmer do the rest. It searches the whole tree, or only the library's own code, which is then told from tests and
documentation for nothing.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

import apsw

from copilot_lsp.index.names import camel_words

_NAME = re.compile(r"[^\W_]+")


class Piece(NamedTuple):
    """Lines of a file, counted from 1, both ends included, with their text."""

    path: str
    first: int
    last: int
    text: str


class Baseline:
    """The pieces of one tree in a full text index of its own, in memory."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self._pieces = list(pieces)
        self._connection = apsw.Connection(":memory:")
        self._connection.execute("CREATE VIRTUAL TABLE words USING fts5(text, tokenize = 'porter ascii')")
        self._connection.executemany("INSERT INTO words (text) VALUES (?)", ((_row(one),) for one in self._pieces))

    def search(self, query: str, limit: int = 10) -> list[Piece]:
        words = dict.fromkeys(part for name in _NAME.findall(query) for part in (name, *camel_words(name).split()))
        match = " OR ".join(f'"{word}"' for word in words)
        rows = self._connection.execute(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?", (match, limit)
        )
        return [self._pieces[row - 1] for (row,) in rows]


def _row(piece: Piece) -> str:
    names = {name for name in _NAME.findall(piece.text) if not name.islower()}
    return " ".join((piece.text, *map(camel_words, names), piece.path.rpartition(".")[0]))
