"""What do the files contain that were saved since the corpus was built?"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from copilot_lsp.recall.build import END
from copilot_lsp.recall.lexer import NEWLINE, Gaps, Heads, Ids
from copilot_lsp.recall.match import Numbers
from copilot_lsp.recall.tokens import Tokens


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """The tokens of some files one after the other, so that one scan covers them all: 0.3 ms for a million."""

    paths: tuple[str, ...]
    parts: tuple[Tokens, ...]
    ids: Ids
    gaps: Gaps
    heads: Heads
    starts: Numbers

    def text(self, first: int, stop: int) -> str:
        """The characters from token `first` up to, and without, token `stop` of the same file."""
        number = int(np.searchsorted(self.starts, first, side="right")) - 1
        start = int(self.starts[number])
        return self.parts[number].text(first - start, stop - start)


def join(files: Mapping[str, Tokens]) -> Saved:
    """Several files, at least one, as one source, with an end between them that no match crosses."""
    ends = np.array([NEWLINE, END], np.uint32)
    none = np.zeros(2, np.uint16)
    every = tuple(files.values())
    return Saved(
        tuple(files),
        every,
        np.concatenate([part for one in every for part in (one.ids, ends)]),
        np.concatenate([part for one in every for part in (one.gaps, none.astype(np.uint8))]),
        np.concatenate([part for one in every for part in (one.heads, none)]),
        np.cumsum([0, *(len(one.ids) + 2 for one in every)])[:-1],
    )
