"""Plain copying: the line goes on as it did where the text before the cursor agrees longest.

The place whose left context shares the longest run of tokens with the text before the cursor; of several the one with
the longest run after the line, then one of the same file, then one of the same folder, then the nearest. A word that
is typed in part is a token that begins with it; read literally it is a token, which nothing begins with.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from bench.baselines.tokens import NEWLINE, NOTHING, Ids, Tokens
from bench.baselines.workspace import Hole, Places, Workspace

_LONGEST = 1000
# More than any workspace has tokens: what parts the open file, its folder and the rest.
_SCOPE = 1 << 40
_TRAILING = re.compile(r"\s+\Z")


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A run of text that is copied from: its tokens, the places whose left context agreed longest, and how long."""

    ids: Ids
    places: Places
    run: int
    copied: Callable[[int], str]
    near: Callable[[Places], Places]


def copy(hole: Hole, workspace: Workspace) -> str:
    """The rest of the hole's line as plain copying has it, empty where nothing agrees."""
    parts = list(_parts(hole, workspace))
    longest = max((part.run for part in parts if len(part.places)), default=-1)
    best: tuple[int, int] = (-1, 0)
    text = ""
    for part in parts:
        if part.run != longest or not len(part.places):
            continue
        places, run = _narrow(part.ids, _line_ends(part.ids, part.places), part.places, hole.after.ids, 1)
        near = part.near(places)
        nearest = int(near.argmax())
        if (run, int(near[nearest])) > best:
            best, text = (run, int(near[nearest])), part.copied(int(places[nearest]))
    return text


def _parts(hole: Hole, workspace: Workspace) -> Iterator[_Part]:
    """The open document on both sides of the hole, and the files of the workspace but for its own."""
    context = hole.before.ids[::-1]
    wanted = workspace.vocabulary.beginning_with(hole.typed) if hole.typed else None
    for tokens, side in ((hole.before, -1), (hole.after, 1)):
        places = _opened(tokens.ids, context, wanted)
        apart = len(tokens.ids) if side < 0 else 0
        yield _part(tokens.ids, places, context, _from(tokens, hole), partial(_near_in_file, apart))
    own, beside = workspace.range_of(hole.path), workspace.folder_of(hole.path)
    places = _listed(workspace, context, wanted)
    places = places[(places < own.start) | (places >= own.stop)]

    def copied(place: int) -> str:
        number = workspace.file_at(place)
        return _from(workspace.files[number], hole)(place - int(workspace.begins[number]))

    yield _part(workspace.ids, places, context, copied, partial(_near_in_workspace, beside))


def _part(
    ids: Ids, places: Places, context: Ids, copied: Callable[[int], str], near: Callable[[Places], Places]
) -> _Part:
    """Where a line ends there is nothing to copy."""
    places = places[(ids[places] != NEWLINE) & (ids[places] != NOTHING)]
    best, run = _narrow(ids, places - 1, places, context, -1)
    return _Part(ids, best, run, copied, near)


def _near_in_file(cursor: int, places: Places) -> Places:
    """How near places of the open document are, higher for nearer."""
    return 2 * _SCOPE - np.abs(places - cursor)


def _near_in_workspace(beside: range, places: Places) -> Places:
    """The same of other files: those of the folder first, then in the order of the paths."""
    return _SCOPE * ((places >= beside.start) & (places < beside.stop)) - places


def _opened(ids: Ids, context: Ids, wanted: list[int] | None) -> Places:
    """The places of an open text that are looked at: those of the typed word, or behind the last token."""
    if wanted is not None:
        return np.flatnonzero(np.isin(ids, wanted))
    return np.flatnonzero(ids[:-1] == context[0]) + 1 if len(context) and len(ids) else np.zeros(0, np.int64)


def _listed(workspace: Workspace, context: Ids, wanted: list[int] | None) -> Places:
    """The same of the workspace."""
    if wanted is not None:
        return np.concatenate([np.zeros(0, np.int64), *map(workspace.places_of, wanted)]).astype(np.int64)
    if not len(context):
        return np.zeros(0, np.int64)
    return workspace.places_of(int(context[0])).astype(np.int64) + 1


def _narrow(ids: Ids, at: Places, places: Places, wanted: Ids, step: int) -> tuple[Places, int]:
    """Those of some places from whose `at` on the longest run of tokens is the wanted one, and how long that is."""
    run = 0
    while len(places) and run < min(_LONGEST, len(wanted)):
        now = at + step * run
        agree = (now >= 0) & (now < len(ids))
        agree[agree] = ids[now[agree]] == wanted[run]
        if not agree.any():
            break
        at, places = at[agree], places[agree]
        run += 1
    return places, run


def _line_ends(ids: Ids, places: Places) -> Places:
    """The tokens that begin the lines after those of some places."""
    ends = np.flatnonzero(ids == NEWLINE)
    following = np.searchsorted(ends, places)
    return np.append(ends, len(ids))[following] + 1


def _from(tokens: Tokens, hole: Hole) -> Callable[[int], str]:
    """What a place of some tokens says: its line's rest with its own blanks, without what is typed of it."""

    def copied(place: int) -> str:
        stops = np.flatnonzero(tokens.ids[place:] == NEWLINE)
        stop = place + int(stops[0]) if len(stops) else len(tokens.ids)
        blanks = not hole.spaced and not hole.typed
        return _TRAILING.sub("", tokens.between(place, stop, blanks=blanks)[len(hole.typed) :])

    return copied
