"""What can the baselines copy from and count? All files of a workspace but the one that is open, and that as it is."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.baselines.tokens import NEWLINE, NOTHING, Ids, Tokens, Vocabulary, tokens_of

Places = NDArray[np.int64]
_LONGEST_WORD = 80
_TYPED = re.compile(r"\w*\Z")


@dataclass(frozen=True, slots=True, eq=False)
class Workspace:
    """The files of a project one after the other, those of one folder together, each followed by NOTHING.

    `order` lists the tokens by their number, `firsts` says where those of each number begin in it, and `counts` how
    many those are.
    """

    vocabulary: Vocabulary
    numbers: Mapping[str, int]
    files: Sequence[Tokens]
    begins: Places
    ids: Ids
    gaps: NDArray[np.int32]
    order: NDArray[np.int32]
    firsts: Places
    counts: Places

    def places_of(self, number: int) -> NDArray[np.int32]:
        """The tokens of one number, in the order of the text."""
        if number + 1 >= len(self.firsts):
            return self.order[:0]
        return self.order[self.firsts[number] : self.firsts[number + 1]]

    def file_at(self, place: int) -> int:
        return bisect_right(self.begins, place) - 1

    def range_of(self, path: str) -> range:
        """The tokens of a file, none where it is not among the files."""
        number = self.numbers.get(path)
        if number is None:
            return range(0)
        return range(int(self.begins[number]), int(self.begins[number]) + len(self.files[number].ids) + 1)

    def folder_of(self, path: str) -> range:
        """The tokens of all files of a file's folder."""
        own = folder(path)
        inside = [self.range_of(one) for one in self.numbers if folder(one) == own]
        return range(inside[0].start, inside[-1].stop) if inside else range(0)


@dataclass(frozen=True, slots=True, eq=False)
class Hole:
    """An open file with a hole, in tokens: `before` and `after` it, and the part of a word that is `typed` already.

    `after` begins on the next line. `spaced` says that the cursor stands behind a blank or at the beginning of a line.
    """

    path: str
    before: Tokens
    after: Tokens
    typed: str
    spaced: bool


def folder(path: str) -> str:
    return path.rpartition("/")[0]


def read(root: Path, paths: Sequence[str]) -> Workspace:
    """The files of these paths below a folder."""
    vocabulary = Vocabulary()
    ordered = sorted(paths, key=lambda path: (folder(path), path))
    texts = ((root / path).read_bytes().decode("utf-8", "replace") for path in ordered)
    files = [tokens_of(text, vocabulary) for text in texts]
    ends = np.array([NOTHING], np.int32)
    ids = np.concatenate([part for one in files for part in (one.ids, ends)])
    gaps = np.concatenate([part for one in files for part in (one.gaps, ends)])
    begins = np.cumsum([0, *(len(one.ids) + 1 for one in files)])
    order = np.argsort(ids, kind="stable").astype(np.int32)
    firsts = np.searchsorted(ids[order], np.arange(len(vocabulary.words) + 1))
    numbers = {path: number for number, path in enumerate(ordered)}
    return Workspace(vocabulary, numbers, files, begins[:-1], ids, gaps, order, firsts, np.diff(firsts))


def hole(path: str, prefix: str, suffix: str, vocabulary: Vocabulary, *, literal: bool = False) -> Hole:
    """A hole between two texts, of which the second begins with the end of the hole's line.

    Read literally, a piece of a word before the hole is a token like others, and nothing is `typed`.
    """
    match = None if literal else _TYPED.search(prefix, max(0, len(prefix) - _LONGEST_WORD))
    typed = match[0] if match else ""
    before = tokens_of(prefix[: len(prefix) - len(typed)], vocabulary)
    after = tokens_of(suffix, vocabulary)
    if len(after.ids) and after.ids[0] == NEWLINE:
        after = Tokens(after.text, after.ids[1:], after.starts[1:], after.gaps[1:])
    return Hole(path, before, after, typed, not prefix or prefix[-1].isspace())
