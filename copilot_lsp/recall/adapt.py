"""How does a copied line read with the names that stand here?"""

import string

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.lexer import NEWLINE, Ids, token_id
from copilot_lsp.recall.match import Numbers
from copilot_lsp.recall.query import id_set

# Names are replaced in so many tokens of a line.
_TOKENS = 16
_OPERATORS = ("==", "!=", "<=", ">=", "->", "=>", "::", ":=", "&&", "||", "++", "--", "...", '"""', "'''", "//", "**")
_NO_WORDS = (*string.punctuation.replace("_", ""), "\n", *_OPERATORS, "<<", ">>", "===", "!==", "?.", "??")
_PUNCTUATION = id_set(13, np.array([token_id(one) for one in _NO_WORDS], np.uint32))


def begin_with_words(lines: Ids) -> NDArray[np.bool_]:
    """Which lines begin with a word or a number."""
    return ~_PUNCTUATION.has(lines[:, 0])


def filled_with(words: Ids, lines: Ids, adapted: Ids) -> tuple[Numbers, Ids]:
    """The lines with each of some words (at least one) in the place of the first, as they are and adapted, and which
    ones they are."""
    differs = np.flatnonzero((lines != adapted)[:, 1:].any(axis=1))
    which = np.concatenate([np.arange(len(lines)), differs])
    kinds = np.concatenate([lines, adapted[differs]])
    same = (lines == lines[:, :1])[which]
    filled = [np.where(same, word, kinds) for word in words]
    return np.tile(which, len(words)), np.concatenate(filled)


def adapted_to(lines: Ids, there: Ids, here: Ids) -> Ids:
    """The lines with the names that stand here: where on a side of a place one token differs from that beside the
    cursor and those next to it do not, the one stands for the other. The nearest occurrence decides.

    `there` and `here` hold the tokens on the left and on the right of each place and of the cursor, nearest first.
    """
    same = there == here
    lone = (there != NEWLINE) & (here != NEWLINE)
    lone[..., 1:] &= same[..., :-1]
    lone[..., :-1] &= same[..., 1:]
    trusted = (same | lone).reshape(len(lines), 1, there.shape[1] * there.shape[2])
    theirs, ours = there.reshape(trusted.shape), here.reshape(len(lines), trusted.shape[2])
    begins = lines[:, :_TOKENS]
    hits = (theirs == begins[:, :, None]) & trusted
    first = hits.argmax(axis=2)
    row = np.arange(len(lines))[:, None]
    hit = hits[row, np.arange(begins.shape[1]), first] & (begins != 0)
    adapted = lines.copy()
    adapted[:, :_TOKENS] = np.where(hit, ours[row, first], begins)
    return adapted
