"""An n-gram cache: the likeliest next token, one after the other, until the line ends.

Order 6, each order interpolated with the one below as Witten and Bell do it: a context that was seen in n places with t
different tokens after it leaves t / (n + t) to the shorter one. Each place of the workspace counts once, of the folder
three times, of the open file twelve times.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.baselines.tokens import NEWLINE, NOTHING, Ids
from bench.baselines.workspace import Hole, Places, Workspace

_ORDER = 6
_FOLDER, _FILE = 3, 12
_LONGEST_LINE = 60

Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Scope:
    """One run of text that is counted: `weights` says how often each of some places counts."""

    ids: Ids
    gaps: NDArray[np.int32]
    own: range
    beside: range
    weight: int

    def weights(self, places: Places) -> Counts:
        if self.weight != 1:
            return np.full(len(places), float(self.weight))
        found = np.ones(len(places))
        found[(places >= self.beside.start) & (places < self.beside.stop)] = _FOLDER
        found[(places >= self.own.start) & (places < self.own.stop)] = 0
        return found


def write(hole: Hole, workspace: Workspace) -> str:
    """The rest of the hole's line as the n-gram cache has it."""
    words = workspace.vocabulary.words
    scopes = list(_scopes(hole, workspace))
    lowest = _lowest(scopes, workspace, len(words))
    wanted = workspace.vocabulary.beginning_with(hole.typed) if hole.typed else None
    context = hole.before.ids.tolist()[-_ORDER:]
    text = ""
    for step in range(_LONGEST_LINE):
        chances, seen = _next(scopes, workspace, context, lowest, len(words))
        if step == 0:
            # Nobody asks for nothing: the line does not end at the cursor.
            chances[NEWLINE] = 0.0 if wanted is None else chances[NEWLINE]
            if wanted:
                chances = np.where(np.isin(np.arange(len(words)), wanted), chances, 0.0)
        best = int(chances.argmax())
        if best == NEWLINE or not chances[best]:
            break
        blanks = 0 if step == 0 and (hole.spaced or hole.typed) else _gap(scopes, seen, best)
        text += " " * blanks + words[best]
        context = [*context[1 - _ORDER :], best]
    return text[len(hole.typed) :].rstrip()


def _scopes(hole: Hole, workspace: Workspace) -> Iterator[_Scope]:
    yield _Scope(workspace.ids, workspace.gaps, workspace.range_of(hole.path), workspace.folder_of(hole.path), 1)
    for tokens in (hole.before, hole.after):
        yield _Scope(tokens.ids, tokens.gaps, range(0), range(0), _FILE)


def _lowest(scopes: list[_Scope], workspace: Workspace, size: int) -> Counts:
    """The chances of all words without any context."""
    total = np.zeros(size)
    total[: len(workspace.counts)] += workspace.counts
    shared = scopes[0]
    for part, times in ((shared.beside, _FOLDER - 1), (shared.own, -_FOLDER)):
        ids = shared.ids[part.start : part.stop]
        total += times * np.bincount(ids[ids >= 0], minlength=size)
    for scope in scopes[1:]:
        total += scope.weight * np.bincount(scope.ids, minlength=size)
    return np.maximum(total, 0.0) / total.sum()


def _next(
    scopes: list[_Scope], workspace: Workspace, context: list[int], lowest: Counts, size: int
) -> tuple[Counts, list[list[Places]]]:
    """The chances of all words to come next, and per length of context the places that were counted in each scope."""
    chances, seen = lowest.copy(), list[list[Places]]()
    places: list[Places] = []
    for length in range(1, min(_ORDER, len(context) + 1)):
        if length == 1:
            places = [_after(scope, workspace, context[-1]) for scope in scopes]
        else:
            places = [
                _longer(scope, found, context[-length], length) for scope, found in zip(scopes, places, strict=True)
            ]
        counts = np.zeros(size)
        for scope, found in zip(scopes, places, strict=True):
            counts += np.bincount(scope.ids[found], scope.weights(found), minlength=size)
        total, kinds = counts.sum(), np.count_nonzero(counts)
        if not total:
            break
        seen.append(places)
        chances = (counts + kinds * chances) / (total + kinds)
    return chances, seen


def _after(scope: _Scope, workspace: Workspace, number: int) -> Places:
    """The places of a scope behind one token."""
    if scope.weight == 1:
        found = workspace.places_of(number).astype(np.int64) + 1
    else:
        found = np.flatnonzero(scope.ids == number) + 1
    found = found[found < len(scope.ids)]
    return found[scope.ids[found] != NOTHING]


def _longer(scope: _Scope, places: Places, number: int, length: int) -> Places:
    """Those places that have a token so many places before them."""
    places = places[places >= length]
    return places[scope.ids[places - length] == number]


def _gap(scopes: list[_Scope], seen: list[list[Places]], word: int) -> int:
    """How many blanks stand before a word most often, in the longest context that it was seen in."""
    for places in reversed(seen):
        found = [scope.gaps[part[scope.ids[part] == word]] for scope, part in zip(scopes, places, strict=True)]
        weights = [np.full(len(gaps), float(scope.weight)) for scope, gaps in zip(scopes, found, strict=True)]
        if gaps := np.concatenate(found).tolist():
            return int(np.bincount(gaps, np.concatenate(weights)).argmax())
    return 1
