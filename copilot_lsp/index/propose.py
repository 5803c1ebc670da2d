"""Which pieces are worth reading for a query, by what they are called and the rare words that they hold?

The measure is that of `rank`, for all pieces of the workspace at once and without their text.
"""

from collections.abc import Collection, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.index import weights
from copilot_lsp.index.lexical import Weighed
from copilot_lsp.index.naming import IN_CONTAINER, IN_FILE, IN_FOLDER, IN_NAME, Names, Numbers
from copilot_lsp.index.stems import stem
from copilot_lsp.index.terms import Terms
from copilot_lsp.index.thesaurus import related

Floats = NDArray[np.float32]
Flags = NDArray[np.uint16]

_PLACES = {
    IN_NAME: weights.NAME,
    IN_CONTAINER: weights.CONTAINER,
    IN_FILE: weights.FILE,
    IN_FOLDER: weights.FOLDER,
}
# The bits of a place where a word is met that only means about the same, and that of the text.
_SIMILAR = len(_PLACES)
_IN_TEXT = 1 << 2 * _SIMILAR


def proposals(known: Names, words: Sequence[Weighed], terms: Terms, hidden: Collection[int], limit: int) -> list[int]:
    """The most promising pieces, the best first, none of the `hidden` files."""
    met = np.zeros(len(known.pieces), np.bool_)
    flags = [_flags(known, one, met) for one in words]
    if hidden:
        met &= ~np.isin(known.files, np.fromiter(hidden, np.int64))[known.file]
    chosen = np.flatnonzero(met)
    if not len(chosen):
        return []
    files = known.file[chosen]
    worth, total = _worth(weights.related(terms)), sum(one.weight for one in words)
    scores = -_doubts(known, chosen, files, terms)
    for one, (of_pieces, of_files) in zip(words, flags, strict=True):
        scores += (weights.ALL * one.weight / total) * worth[of_pieces[chosen] | of_files[files]]
    number = min(limit, len(chosen))
    best = np.argpartition(-scores, number - 1)[:number]
    best = best[np.lexsort((best, -scores[best]))]
    return known.pieces[chosen[best]].tolist()


def _flags(known: Names, one: Weighed, met: NDArray[np.bool_]) -> tuple[Flags, Flags]:
    """Where each piece and each file has a word or one that means about the same; the pieces are noted in `met`."""
    pieces = np.zeros(len(known.pieces), np.uint16)
    files = np.zeros(len(known.files), np.uint16)
    for other, shift in ((stem(one.word), 0), *((other, _SIMILAR) for other in related(one.word))):
        holders, bits = known.holding(other)
        pieces[holders] |= bits << shift
        met[holders] = True
        below, where = known.below(other)
        files[below] |= where << shift
    held = _places(known, one.pieces)
    pieces[held] |= _IN_TEXT
    met[held] = True
    return pieces, files


@cache
def _worth(similar: float) -> Floats:
    """What any set of flags is worth, of all that a word can be worth."""
    table: list[float] = []
    for flags in range(2 * _IN_TEXT):
        there, like = flags, flags >> _SIMILAR
        much = sum(worth * (1.0 if there & bit else similar * bool(like & bit)) for bit, worth in _PLACES.items())
        much += weights.TEXT * weights.UNREAD * bool(flags & _IN_TEXT)
        table.append(much / (much + weights.HALF))
    return np.array(table, np.float32)


def _doubts(known: Names, chosen: Numbers, files: Numbers, terms: Terms) -> Floats:
    aside = np.array([weights.aside(kind, terms) for kind in known.kinds], np.float32)
    return aside[known.kind[files]] + np.float32(weights.NAMELESS) * ~known.named[chosen]


def _places(known: Names, pieces: Numbers) -> Numbers:
    """Where some pieces stand among all; those that are too new to be known are left out."""
    places = np.searchsorted(known.pieces, pieces)
    places = places[places < len(known.pieces)]
    return places[known.pieces[places] == pieces[: len(places)]]
