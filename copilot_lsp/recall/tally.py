"""How often does each n-gram occur in the workspace, but for the files that are hidden?

The tables are made when the corpus is built. What a session hides is taken out of them for as long as it is hidden, and
what was saved since is put in: the counts of one file take less than a millisecond.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.lexer import Ids
from copilot_lsp.recall.ngram import Scope, grams

# A file elsewhere in the workspace says so much less than the document itself.
_WORTH = 0.1


@dataclass(slots=True, eq=False)
class Tally:
    """The counts of a workspace of `size` tokens, a row for each order, which it changes; `moved` are the texts that
    were taken out (-1) or put in (1), by their names.
    """

    counts: NDArray[np.uint16]
    size: int
    moved: dict[str, tuple[int, Ids]] = field(default_factory=dict[str, tuple[int, Ids]])

    def scope(self, out: Mapping[str, Ids], into: Mapping[str, Ids]) -> Scope:
        """The counts without some texts and with some others."""
        wanted = {name: (-1, ids) for name, ids in out.items()} | {f"+{name}": (1, ids) for name, ids in into.items()}
        for name, (sign, ids) in list(self.moved.items()):
            if name not in wanted or wanted[name][1] is not ids:
                self._add(ids, -sign)
                del self.moved[name]
        for name, (sign, ids) in wanted.items():
            if name not in self.moved:
                self._add(ids, sign)
                self.moved[name] = sign, ids
        return Scope(list(self.counts), self.size, _WORTH)

    def _add(self, ids: Ids, sign: int) -> None:
        keys = grams(ids, self.counts.shape[1].bit_length() - 1)
        for order, row in enumerate(self.counts):
            # In 16 bits adding 65535 is taking 1. What reaches into the file before was counted with that.
            np.add.at(row, keys[order, order:].astype(np.intp), np.uint16(sign & 0xFFFF))
