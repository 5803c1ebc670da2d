"""In which order do the places of a text come when sorted by the text before them?"""

import numpy as np

from copilot_lsp.recall.lexer import Ids

# Places that agree on this many tokens (a power of two) stay in the order of the text: four rounds of sorting, not
# twenty.
SORTED_DEPTH = 16


def order(ids: Ids) -> Ids:
    """The places 0..n, each standing for the tokens before it read backwards, in ascending order (prefix doubling)."""
    ranks = np.zeros(len(ids) + 1, np.uint32)
    ranks[1:] = np.unique(ids, return_inverse=True)[1]
    ranks[1:] += 1
    places = np.zeros(len(ranks), np.uint32)
    depth = 1
    while True:
        keys = ranks.astype(np.uint64)
        if depth > 1:
            half = depth // 2
            keys <<= np.uint64(32)
            keys[half:] |= ranks[:-half]
        places = np.argsort(keys, kind="stable" if depth >= SORTED_DEPTH else None)
        if depth >= SORTED_DEPTH:
            return places.astype(np.uint32)
        keys = keys[places]
        ranks[places] = np.cumsum(np.concatenate([[False], keys[1:] != keys[:-1]]), dtype=np.uint32)
        depth *= 2
