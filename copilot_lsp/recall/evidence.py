"""What stands around each place, what follows there, and how does that agree with the cursor's line?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.adapt import adapted_to, begin_with_words, filled_with
from copilot_lsp.recall.lexer import NEWLINE, Ids
from copilot_lsp.recall.match import Numbers, Places, Source
from copilot_lsp.recall.near import SAME_FOLDER, SELF
from copilot_lsp.recall.query import LINE_TOKENS, Query
from copilot_lsp.recall.rows import counted, rows_at
from copilot_lsp.recall.shape import taken_up

Column = NDArray[np.float32]

# What is known of each place.
FIGURES = (
    *("left", "right", "near", "own", "folder", "apart", "below", "shallower", "too deep", "around left"),
    *(
        "around right",
        "alike left 8",
        "alike left 24",
        "alike right 8",
        "alike right 24",
        "worth",
        "adapted",
        "slotted",
    ),
)
# So many tokens on each side of a place are compared one by one; the line before it begins at most so far away.
_SIDE, _BACK = 24, LINE_TOKENS + 1
# So many of the best places are looked at for names that stand for others.
_ADAPTED = 48
# So many places are tried with another first word.
_SLOTTED = 24


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Places of all sources for all readings of the cursor's place, one row each.

    `reading` and `source` number them; `at` is the token of the source, `stops` how many tokens of its line come next
    (and before the rest of the cursor's line), `lines` their ids padded with zeros, `missing` how many blanks are to be
    inserted first, and `figures`, in rows by `FIGURES`, what speaks for each. A row is `adapted` where `lines` is not
    what stands there, and `slotted` where that is so because of the word that is typed in part.
    """

    queries: tuple[Query, ...]
    sources: tuple[Source, ...]
    reading: Numbers
    source: Numbers
    at: Numbers
    stops: Numbers
    lines: Ids
    missing: Numbers
    figures: NDArray[np.float32]

    def figure(self, name: str) -> Column:
        return self.figures[FIGURES.index(name)]


def evidence(queries: Sequence[Query], found: Sequence[tuple[int, Places]], fillers: Ids) -> Evidence | None:
    """The evidence of the places that were found for each numbered query; None where there are none.

    At slotted places one of the `fillers` is read instead of the first word.
    """
    found = [(number, places) for number, places in found if len(places.at)]
    if not found:
        return None
    several = [places for _, places in found]
    reading = np.repeat([number for number, _ in found], [len(places.at) for places in several])
    source = np.repeat(np.arange(len(found)), [len(places.at) for places in several])
    at, stops, left, right, near, slotted = (
        np.concatenate([getattr(places, name) for places in several])
        for name in ("at", "stops", "left", "right", "near", "slotted")
    )
    query = queries[0]
    around = np.concatenate([rows_at(one.source.ids, one.at - _BACK, _BACK + LINE_TOKENS) for one in several])
    lines = around[:, _BACK:]
    there, here = np.empty((2, len(at), 2, _SIDE), np.uint32)
    there[:, 0] = around[:, _BACK - 1 : _BACK - 1 - _SIDE : -1]
    there[:, 1] = np.concatenate([rows_at(one.source.ids, one.at + one.stops, _SIDE) for one in several])
    here[:, 0] = np.stack([one.left[:_SIDE] for one in queries])[reading]
    here[:, 1] = query.right[:_SIDE]
    fit = query.above - query.indent + _deeper(several, around) if query.blank else np.zeros(len(at), np.int64)
    stops = taken_up(lines, stops, query.rest) if query.rest else stops
    np.copyto(lines, 0, where=np.arange(LINE_TOKENS) >= stops[:, None])
    figures = np.zeros((len(FIGURES), len(at)), np.float32)
    of = dict(zip(FIGURES, figures, strict=True))
    _compare(of, query, (left, right, near), at, fit)
    of["around left"][:] = counted(query.around_left.has(there[:, 0])) / _SIDE
    of["around right"][:] = counted(query.around_right.has(there[:, 1])) / _SIDE
    same = there == here
    of["alike left 8"][:], of["alike right 8"][:] = counted(same[..., :8]).T
    of["alike left 24"][:], of["alike right 24"][:] = counted(same).T
    of["worth"][:] = (
        0.6 * (np.minimum(of["left"], 8) + np.minimum(of["right"], 8))
        - 0.4 * of["near"]
        + of["around left"]
        + 2 * of["around right"]
    )
    rows = Evidence(
        tuple(queries), tuple(places.source for places in several), reading, source, at, stops, lines,
        np.maximum(fit, 0), figures,
    )  # fmt: skip
    return _adapted(rows, slotted, there, here, fillers)


def _adapted(rows: Evidence, slotted: NDArray[np.bool_], there: Ids, here: Ids, fillers: Ids) -> Evidence | None:
    """The rows that are copied as they are, the best of them with the names that stand here beside that, and the best
    slotted ones with each of the fillers; None if that is none. A word that is typed in part stays as it is.
    """
    worth, lines = rows.figure("worth"), rows.lines
    natural, others = np.flatnonzero(~slotted), np.flatnonzero(slotted & (rows.stops > 0) & begin_with_words(lines))
    best = natural[np.argsort(-worth[natural])[:_ADAPTED]]
    chosen = others[np.argsort(-worth[others])[:_SLOTTED]]
    both = np.concatenate([best, chosen])
    adapted = adapted_to(lines[both], there[both], here[both])
    typed = np.array([bool(one.typed) for one in rows.queries])[rows.reading[best]]
    renamed = adapted[: len(best)]
    changed = (renamed != lines[best]).any(axis=1) & ~(typed & (renamed[:, 0] != lines[best, 0]))
    kinds = [(natural, lines[natural]), (best[changed], renamed[changed])]
    if len(chosen) and len(fillers):
        which, filled = filled_with(fillers, lines[chosen], adapted[len(best) :])
        kinds.append((chosen[which], filled))
    return _read(rows, kinds) if len(natural) or len(kinds) > 2 else None


def _read(rows: Evidence, kinds: Sequence[tuple[Numbers, Ids]]) -> Evidence:
    """Some rows with lines that may read otherwise than they stand there; those of the third kind are slotted."""
    chosen = np.concatenate([which for which, _ in kinds])
    lines = np.concatenate([line for _, line in kinds])
    figures = rows.figures[:, chosen]
    of = dict(zip(FIGURES, figures, strict=True))
    of["adapted"][:] = counted(lines != rows.lines[chosen])
    of["slotted"][sum(len(which) for which, _ in kinds[:2]) :] = 1
    of["worth"] -= of["adapted"] > 0
    return replace(
        rows,
        reading=rows.reading[chosen], source=rows.source[chosen], at=rows.at[chosen], stops=rows.stops[chosen],
        lines=lines, missing=rows.missing[chosen], figures=figures,
    )  # fmt: skip


def _compare(
    of: Mapping[str, Column], query: Query, agreed: tuple[Numbers, Numbers, Numbers], at: Numbers, fit: Numbers
) -> None:
    """Fill in how places compare with the cursor's."""
    left, right, near = agreed
    own = near == SELF
    of["left"][:] = left
    # Where the document ends, as it does for whoever writes it from top to bottom, nothing behind the place can agree;
    # half of what agrees before it then stands for that.
    of["right"][:] = right if query.followed else left // 2
    of["near"][:] = near
    of["own"][:] = own
    of["folder"][:] = near <= SAME_FOLDER
    of["apart"][:] = np.where(own, np.log2(1 + np.abs(at - query.hole.start)), 20)
    of["below"][:] = own & (at > query.hole.start)
    if query.blank:
        of["shallower"][:] = np.minimum(np.maximum(-fit, 0), 8)
        of["too deep"][:] = np.minimum(np.maximum(fit, 0), 8)


def _deeper(several: Sequence[Places], around: Ids) -> Numbers:
    """How much deeper the lines that begin at these places are indented than the lines before them."""
    ends = around[:, _BACK - 2 :: -1] == NEWLINE
    back = np.where(ends.any(axis=1), 1 + ends.argmax(axis=1), np.iinfo(np.int64).max)
    found: list[Numbers] = []
    for one in several:
        gaps, back_here, back = one.source.gaps, back[: len(one.at)], back[len(one.at) :]
        found.append(gaps[one.at].astype(np.int64) - gaps[np.maximum(one.at - back_here, 0)])
    return np.concatenate(found)
