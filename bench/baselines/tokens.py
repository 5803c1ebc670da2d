"""What are the tokens of a text to the baselines?

Words, single other characters and line ends; blanks only part them, and several line ends in a row are one. Each
project has its own numbers for its words.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_PIECE = re.compile(r"[^\S\n]*(?:\w+|\n|[^\w\s]|\Z)")
NEWLINE = 0
# Ends a file, or stands for what is hidden: equal to nothing that is looked for.
NOTHING = -1

Ids = NDArray[np.int32]


@dataclass(slots=True)
class Vocabulary:
    """The words of a project by number, and the other way round."""

    numbers: dict[str, int] = field(default_factory=lambda: {"\n": NEWLINE})
    words: list[str] = field(default_factory=lambda: ["\n"])
    _pieces: dict[str, tuple[int, int, int]] = field(default_factory=dict[str, tuple[int, int, int]])
    _sorted: list[str] = field(default_factory=list[str])

    def piece(self, text: str) -> tuple[int, int, int]:
        """Of blanks and a token: the token's number, how many blanks, and the length of both; -1 for no token."""
        known = self._pieces.get(text)
        if known is None:
            word = text.strip(" \t\r\f\v\xa0\ufeff") if text[-1:] != "\n" else "\n"
            word = word.strip() or word
            known = (self.number(word) if word else NOTHING, len(text) - len(word), len(text))
            self._pieces[text] = known
        return known

    def number(self, word: str) -> int:
        if word not in self.numbers:
            self.numbers[word] = len(self.words)
            self.words.append(word)
        return self.numbers[word]

    def beginning_with(self, typed: str) -> list[int]:
        """The numbers of the words that begin with a text, itself included."""
        if len(self._sorted) != len(self.words):
            self._sorted = sorted(self.words)
        first = bisect_left(self._sorted, typed)
        last = bisect_left(self._sorted, typed + "\U0010ffff", first)
        return [self.numbers[word] for word in self._sorted[first:last]]


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """A text's tokens: numbers, where each begins in the text, and how many blanks stand before each."""

    text: str
    ids: Ids
    starts: NDArray[np.int32]
    gaps: NDArray[np.int32]

    def between(self, first: int, stop: int, *, blanks: bool) -> str:
        """The text from one token up to another, with the blanks before the first one if they are wanted."""
        begin = int(self.starts[first]) - (int(self.gaps[first]) if blanks else 0)
        return self.text[begin : int(self.starts[stop]) if stop < len(self.ids) else len(self.text)]


def tokens_of(text: str, vocabulary: Vocabulary) -> Tokens:
    """The tokens of a text."""
    found = [vocabulary.piece(one) for one in _PIECE.findall(text)]
    table = np.array(found, np.int32).reshape(-1, 3)
    starts = np.cumsum(table[:, 2], dtype=np.int32) - table[:, 2] + table[:, 1]
    real = np.flatnonzero(table[:, 0] != NOTHING)
    ends = table[real, 0] == NEWLINE
    first = np.ones(len(real), bool)
    first[1:] = ~(ends[1:] & ends[:-1])
    kept = real[first]
    return Tokens(text, np.ascontiguousarray(table[kept, 0]), starts[kept], np.ascontiguousarray(table[kept, 1]))
