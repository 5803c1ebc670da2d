"""What stands around each place, what follows there, and how does that agree with the cursor's line?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.lexer import NEWLINE, Ids
from copilot_lsp.recall.match import Numbers, Places, Source
from copilot_lsp.recall.near import SAME_FOLDER, SELF
from copilot_lsp.recall.query import AROUND, LINE_TOKENS, Query
from copilot_lsp.recall.shape import taken_up

Column = NDArray[np.float32]

# So many of the best places are looked at for names that stand for others, in so many tokens of their lines.
_ADAPTED, _ADAPTED_TOKENS = 64, 20


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Places of all sources for all readings of the cursor's place, one row each.

    `reading` and `source` number them; `at` is the token of the source, `stops` how many tokens of its line come next
    (and before the rest of the cursor's line), `lines` their ids padded with zeros, `missing` how many blanks are to be
    inserted first, and `figures` what speaks for the row. A row is `adapted` where `lines` is not what stands there.
    """

    queries: tuple[Query, ...]
    sources: tuple[Source, ...]
    reading: Numbers
    source: Numbers
    at: Numbers
    stops: Numbers
    lines: Ids
    missing: Numbers
    figures: dict[str, Column]


def evidence(queries: Sequence[Query], found: Sequence[tuple[int, Places]]) -> Evidence | None:
    """The evidence of the places that were found for each numbered query; None where there are none."""
    found = [(number, places) for number, places in found if len(places.at)]
    if not found:
        return None
    several = [places for _, places in found]
    reading = np.repeat([number for number, _ in found], [len(places.at) for places in several])
    source = np.repeat(np.arange(len(found)), [len(places.at) for places in several])
    at, stops, left, right, near = (
        np.concatenate([getattr(places, name) for places in several])
        for name in ("at", "stops", "left", "right", "near")
    )
    query = queries[0]
    back, on = np.arange(1, AROUND + 1), np.arange(LINE_TOKENS)
    before = np.concatenate([_window(places.source.ids, places.at, -back) for places in several])
    lines = np.concatenate([_window(places.source.ids, places.at, on) for places in several])
    after = np.concatenate([_window(places.source.ids, places.at + places.stops, on) for places in several])
    if query.blank:
        fit = query.above - query.indent + np.concatenate([_deeper(places) for places in several])
    else:
        fit = np.zeros(len(at), np.int64)
    stops = taken_up(lines, stops, query.rest) if query.rest else stops
    lines = np.where(on < stops[:, None], lines, np.uint32(0))
    here = np.stack([one.left for one in queries])[reading], np.broadcast_to(query.right, (len(at), AROUND))
    same = before == here[0], after == here[1]
    figures = dict(_figures(query, left, right, near, at, fit))
    figures["around left"] = query.around_left.has(before).mean(axis=1, dtype=np.float32)
    figures["around right"] = query.around_right.has(after).mean(axis=1, dtype=np.float32)
    for depth in (8, 24):
        figures[f"alike left {depth}"] = same[0][:, :depth].sum(axis=1, dtype=np.float32)
        figures[f"alike right {depth}"] = same[1][:, :depth].sum(axis=1, dtype=np.float32)
    figures["worth"] = worth = (
        0.6 * (np.minimum(figures["left"], 8) + np.minimum(figures["right"], 8))
        - 0.4 * figures["near"]
        + figures["around left"]
        + 2 * figures["around right"]
    )
    figures["adapted"] = np.zeros(len(at), np.float32)
    best = np.argsort(-worth)[:_ADAPTED]
    adapted = _adapted(lines[best], (before[best], after[best]), (here[0][best], here[1][best]))
    rows = Evidence(
        tuple(queries), tuple(places.source for places in several), reading, source, at, stops, lines,
        np.maximum(fit, 0), figures,
    )  # fmt: skip
    return _with(rows, best, adapted)


def _window(ids: Ids, at: Numbers, steps: Numbers) -> Ids:
    return ids[np.minimum(np.maximum(at[:, None] + steps, 0), len(ids) - 1)]


def _figures(
    query: Query, left: Numbers, right: Numbers, near: Numbers, at: Numbers, fit: Numbers
) -> Iterator[tuple[str, Column]]:
    own = near == SELF
    # Where the document ends, as it does for whoever writes it from top to bottom, nothing behind the place can agree;
    # half of what agrees before it then stands for that.
    right = right if query.followed else left // 2
    for name, column in {
        "left": left,
        "right": right,
        "near": near,
        "own": own,
        "folder": near <= SAME_FOLDER,
        "apart": np.where(own, np.log2(1 + np.abs(at - query.hole.start)), 20),
        "below": own & (at > query.hole.start),
        "shallower": np.clip(-fit, 0, 8),
        "too deep": np.clip(fit, 0, 8),
    }.items():
        yield name, column.astype(np.float32)


def _deeper(places: Places) -> Numbers:
    """How much deeper the lines that begin at these tokens are indented than the lines before them."""
    ids, gaps, at = places.source.ids, places.source.gaps, places.at
    ends = _window(ids, at, np.arange(-2, -LINE_TOKENS - 2, -1)) == NEWLINE
    first = np.where(ends.any(axis=1), at - 1 - ends.argmax(axis=1), 0)
    return gaps[at].astype(np.int64) - gaps[np.maximum(first, 0)]


def _adapted(lines: Ids, there: tuple[Ids, Ids], here: tuple[Ids, Ids]) -> Ids:
    """The lines with the names that stand here: where on a side of a place one token differs from that beside the
    cursor and those next to it do not, the one stands for the other. The nearest occurrence decides.
    """
    trusted: list[NDArray[np.bool_]] = []
    for theirs, ours in zip(there, here, strict=True):
        same = theirs == ours
        lone = (theirs != NEWLINE) & (ours != NEWLINE)
        lone[:, 1:] &= same[:, :-1]
        lone[:, :-1] &= same[:, 1:]
        trusted.append(same | lone)
    theirs, ours = np.concatenate(there, axis=1), np.concatenate(here, axis=1)
    begins = lines[:, :_ADAPTED_TOKENS]
    hits = (theirs[:, None, :] == begins[:, :, None]) & np.concatenate(trusted, axis=1)[:, None, :]
    first = hits.argmax(axis=2)
    hit = np.take_along_axis(hits, first[:, :, None], axis=2)[:, :, 0] & (begins != 0)
    adapted = lines.copy()
    adapted[:, :_ADAPTED_TOKENS] = np.where(hit, np.take_along_axis(ours, first, axis=1), begins)
    return adapted


def _with(rows: Evidence, chosen: Numbers, adapted: Ids) -> Evidence:
    """The rows, and beside them those of the chosen ones whose lines read differently when adapted.

    A word that is typed in part must stay as it is.
    """
    typed = np.array([bool(query.typed) for query in rows.queries])[rows.reading[chosen]]
    changed = (adapted != rows.lines[chosen]).any(axis=1) & ~(typed & (adapted[:, 0] != rows.lines[chosen, 0]))
    adapted, chosen = adapted[changed], chosen[changed]
    if not len(chosen):
        return rows
    figures = {name: np.concatenate([column, column[chosen]]) for name, column in rows.figures.items()}
    differs = (adapted != rows.lines[chosen]).sum(axis=1)
    figures["adapted"][-len(chosen) :] = differs
    figures["worth"][-len(chosen) :] -= 1
    return replace(
        rows,
        reading=np.concatenate([rows.reading, rows.reading[chosen]]),
        source=np.concatenate([rows.source, rows.source[chosen]]),
        at=np.concatenate([rows.at, rows.at[chosen]]),
        stops=np.concatenate([rows.stops, rows.stops[chosen]]),
        lines=np.concatenate([rows.lines, adapted]),
        missing=np.concatenate([rows.missing, rows.missing[chosen]]),
        figures=figures,
    )
