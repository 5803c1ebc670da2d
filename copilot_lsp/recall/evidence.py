"""What speaks for each place that the line goes on as it does there?"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.lexer import NEWLINE, Ids
from copilot_lsp.recall.match import Numbers, Places, Source, agreement
from copilot_lsp.recall.near import FAR, SAME_FOLDER, SELF
from copilot_lsp.recall.query import LINE_TOKENS, IdSet, Query

# So many tokens on each side of a place are compared as sets, in any order.
_AROUND = 40

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Places of one source that agree with one query. Per place: how many tokens its line goes on for, the ids of those
    (padded), how much deeper than the line before it is indented (where it begins a line), and named figures.
    """

    query: Query
    source: Source
    at: Numbers
    stops: Numbers
    lines: Ids
    deeper: Numbers
    figures: dict[str, Column]


def evidence(places: Places, query: Query) -> Evidence:
    """The evidence of the places of one source. Lines that are too long to be copied are left out; where a line ends
    at the place, that speaks for inserting nothing.
    """
    source, at = places.source, places.at
    lines = source.ids[np.minimum(at[:, None] + np.arange(LINE_TOKENS), len(source.ids) - 1)]
    ends = lines == NEWLINE
    stops = np.where(ends.any(axis=1), ends.argmax(axis=1), -1)
    real = np.flatnonzero(stops >= 0)
    places = Places(source, at[real], places.left[real], places.near[real])
    at, lines, stops = at[real], lines[real], stops[real]
    deeper = _deeper(source, at) if query.blank else np.zeros(len(at), np.int64)
    figures = {name: np.asarray(column, np.float64) for name, column in _figures(places, query, lines, stops, deeper)}
    return Evidence(query, source, at, stops, lines, deeper, figures)


def _figures(
    places: Places, query: Query, lines: Ids, stops: Numbers, deeper: Numbers
) -> Iterator[tuple[str, NDArray[np.generic]]]:
    ids, at, near = places.source.ids, places.at, places.near
    same = np.ones(len(at))
    own = near == SELF
    fit = query.above + deeper - query.indent
    unknown = (np.arange(LINE_TOKENS) < stops[:, None]) & ~query.known.has(lines)
    yield "left", places.left
    yield "right", _right(places, query, stops)
    yield "length", np.log2(1 + stops)
    yield "no token", stops == 0
    yield "one token", stops == 1
    yield "own", own
    yield "folder", near <= SAME_FOLDER
    yield "far", near / FAR
    yield "apart", own * np.log2(1 + np.abs(at - query.hole.start))
    yield "below", own & (at > query.hole.start)
    yield "around left", _share(ids, np.maximum(at - 1 - _AROUND, 0), query.around_left)
    yield "around right", _share(ids, at + stops, query.around_right)
    yield "shallower", query.blank & (fit < 0)
    yield "too deep", query.blank & (fit > 0)
    yield "unknown", unknown.sum(axis=1)
    yield "unknown share", unknown.sum(axis=1) / np.maximum(stops, 1)
    yield "unknown first", unknown[:, 0]
    yield "typed", same * (len(query.typed) > 0)
    yield "typed length", same * min(len(query.typed), 4)
    yield "touching", same * query.touching
    yield "blank", same * query.blank


def _right(places: Places, query: Query, stops: Numbers) -> Numbers:
    """On how many tokens behind the line each place agrees with the document.

    Where the document ends, as it does for whoever writes it from top to bottom, nothing can agree; half of what agrees
    before the place then stands for it. On 453 holes in Django with nothing behind them that made 28.0 % exact answers
    of 23.6 %, half of all answers being exact as before.
    """
    if (query.right != NEWLINE).any():
        return agreement(places.source.ids, places.at + stops, query.right, 1)
    return places.left // 2


def _share(ids: Ids, begin: Numbers, wanted: IdSet) -> Column:
    """Which share of the tokens that follow `begin` are among the wanted ones."""
    return wanted.has(ids[np.minimum(begin[:, None] + np.arange(_AROUND), len(ids) - 1)]).mean(axis=1)


def _deeper(source: Source, at: Numbers) -> Numbers:
    """How much deeper the lines that begin at these tokens are indented than the lines before them."""
    back = np.maximum(at[:, None] - 2 - np.arange(LINE_TOKENS), 0)
    ends = source.ids[back] == NEWLINE
    first = np.where(ends.any(axis=1), at - 1 - ends.argmax(axis=1), 0)
    return source.gaps[at].astype(np.int64) - source.gaps[np.maximum(first, 0)]
