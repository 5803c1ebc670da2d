"""Which words of the document may the one become that is typed in part?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.lexer import Ids, token_id
from copilot_lsp.recall.match import beginning_with
from copilot_lsp.recall.query import Query
from copilot_lsp.recall.tokens import Tokens

# So many words are tried; what stands twice as far away as this says half as much.
_MOST, _NEAR = 4, 100


@dataclass(frozen=True, slots=True, eq=False)
class Endings:
    """The words of the document that begin as is typed, in ascending order, and how often and near they stand, in
    shares of all.
    """

    words: Ids
    worth: NDArray[np.float64]

    @property
    def likeliest(self) -> Ids:
        return self.words[np.argsort(-self.worth)[:_MOST]]

    def shares(self, words: Ids) -> NDArray[np.float64]:
        """Those of some words."""
        if not len(self.words):
            return np.zeros(len(words))
        at = np.minimum(np.searchsorted(self.words, words), len(self.words) - 1)
        return np.where(self.words[at] == words, self.worth[at], 0)


def endings(tokens: Tokens, query: Query) -> Endings:
    """What the word before the cursor may become, without the word as it is."""
    if not (query.typed[:1].isalpha() or query.typed[:1] == "_"):
        return Endings(np.zeros(0, np.uint32), np.zeros(0))
    at = beginning_with(tokens, query.typed)
    at = at[((at < query.hole.start) | (at >= query.hole.stop)) & (tokens.ids[at] != token_id(query.typed))]
    words, which = np.unique(tokens.ids[at], return_inverse=True)
    worth = np.bincount(which, 1 / (_NEAR + np.abs(at - query.hole.start)), minlength=len(words))
    return Endings(words, worth / worth.sum())
