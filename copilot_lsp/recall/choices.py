"""Which ways to go on do the places propose, and what speaks for each?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import shake_256

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.evidence import Column, Evidence
from copilot_lsp.recall.lexer import NEWLINE, Ids, token_id
from copilot_lsp.recall.match import Numbers
from copilot_lsp.recall.ngram import ORDERS, Scope, chances, count, seen, total
from copilot_lsp.recall.query import LINE_TOKENS, Query
from copilot_lsp.recall.shape import Feature, shape
from copilot_lsp.recall.tokens import Tokens

# More ways than this many are not weighed.
_MOST = 64
# So many tokens on each side are counted to tell what is usual here.
_WIDE = 6000
# Odd numbers that turn the ids of a line into one number: equal lines get equal ones, others practically never. From a
# hash function, because importing numpy's random numbers takes 10 ms of every start.
_MIX = np.frombuffer(shake_256(b"line").digest(8 * LINE_TOKENS), "<u8") | np.uint64(1)
_MOST_OF = (
    *("left", "right", "both", "around left", "around right", "own", "folder", "below"),
    *("alike left 8", "alike left 24", "alike right 8", "alike right 24"),
    *("natural", "adapted", "natural left", "natural right", "adapted alike"),
)
_LEAST_OF = ("near", "apart")
_OF_ITS_PLACE = (
    "left",
    "right",
    "near",
    "own",
    "apart",
    "around left",
    "around right",
    "shallower",
    "too deep",
    "adapted",
)


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """Distinct ways to go on: the rows of the evidence that they are copied from, the best of all that agree, and their
    features by name.
    """

    evidence: Evidence
    rows: Numbers
    features: dict[str, Feature | float]

    def matrix(self, names: Sequence[str]) -> NDArray[np.float32]:
        """Features as columns."""
        found = np.empty((len(self.rows), len(names)), np.float32)
        for number, name in enumerate(names):
            found[:, number] = self.features[name]
        return found


def choices(rows: Evidence, tokens: Tokens, scopes: Sequence[Scope]) -> Choices:
    """The likeliest of the ways to go on, with all that speaks for them."""
    kept = _readable(rows)
    keys = (rows.lines[kept].astype(np.uint64) * _MIX).sum(axis=1, dtype=np.uint64)
    keys += rows.missing[kept].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + rows.reading[kept].astype(np.uint64)
    groups = _grouped(keys, kept, rows.figures["worth"][kept])
    query = rows.queries[0]
    features: dict[str, Feature | float] = dict(_agreement(rows.figures, groups))
    best = np.argsort(features["less votes both"], kind="stable")[:_MOST]
    features = {name: column[best] if isinstance(column, np.ndarray) else column for name, column in features.items()}
    chosen = groups.heads[best]
    lines, stops, reading = rows.lines[chosen], rows.stops[chosen], rows.reading[chosen]
    features |= dict(_content(lines, stops, query))
    features |= dict(shape(lines, stops, query, tokens))
    lefts = np.stack([one.left[: ORDERS - 1][::-1] for one in rows.queries])[reading]
    features |= dict(_usual(lines, stops, lefts, query, tokens, scopes))
    typed = len(rows.queries) > 1
    features["typed"] = (reading == 0) * float(typed)
    features["is typed"] = float(typed)
    features["typed length"] = float(min(4, len(query.typed)))
    features["typed word"] = float(query.typed[:1].isalpha() or query.typed[:1] == "_")
    features["blank"] = float(query.blank)
    features["many"] = np.log2(len(chosen))
    return Choices(rows, chosen, features)


def _readable(rows: Evidence) -> Numbers:
    """Without the rows that begin with the typed word as it is: that is the other reading's."""
    typed = rows.queries[0].typed
    if not typed:
        return np.arange(len(rows.at))
    return np.flatnonzero((rows.reading > 0) | (rows.lines[:, 0] != token_id(typed)))


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Rows in an order in which those that belong together follow each other, the best first; where each group begins;
    and those best ones."""

    order: Numbers
    firsts: Numbers

    @property
    def heads(self) -> Numbers:
        return self.order[self.firsts]


def _grouped(keys: NDArray[np.uint64], rows: Numbers, worth: Column) -> _Groups:
    order = np.lexsort((-worth, keys))
    keys = keys[order]
    return _Groups(rows[order], np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])))


def _agreement(figures: Mapping[str, Column], groups: _Groups) -> Iterator[tuple[str, Column | float]]:
    """What all the places of each way say together."""
    of = {name: column[groups.order] for name, column in figures.items()}
    copied = of["adapted"] == 0
    of["left"], of["right"] = np.minimum(of["left"], 16), np.minimum(of["right"], 16)
    of["both"] = np.minimum(of["left"], 8) + np.minimum(of["right"], 8)
    of["natural"] = copied.astype(np.float32)
    of["natural left"], of["natural right"] = of["left"] * copied, of["right"] * copied
    of["adapted alike"] = (of["alike left 24"] + of["alike right 24"]) * ~copied
    most = np.maximum.reduceat(np.stack([of[name] for name in _MOST_OF]), groups.firsts, axis=1)
    top = most.max(axis=1)
    for number, name in enumerate(_MOST_OF):
        yield f"most {name}", most[number]
        yield f"less {name}", top[number] - most[number]
    for number, name in enumerate(("left", "right", "both")):
        yield f"best {name}", float(top[number])
        yield f"{name} to 2", np.minimum(most[number], 2)
        yield f"{name} to 4", np.minimum(most[number], 4)
    least = np.minimum.reduceat(np.stack([of[name] for name in _LEAST_OF]), groups.firsts, axis=1)
    for number, name in enumerate(_LEAST_OF):
        yield f"least {name}", least[number]
    for name in _OF_ITS_PLACE:
        yield f"its {name}", of[name][groups.firsts]
    counts = np.add.reduceat(np.stack([copied, of["own"], of["folder"]]), groups.firsts, axis=1, dtype=np.float32)
    for number, name in enumerate(("all", "own", "folder")):
        yield f"count {name}", np.log2(1 + counts[number])
    powers = np.stack(
        [
            0.8 * np.minimum(of["left"], 10),
            0.8 * np.minimum(of["right"], 10),
            of["worth"],
            of["worth"] - 20 * (1 - of["own"]),
            of["left"] - of["near"],
            0.4 * (of["alike left 24"] + of["alike right 24"]),
        ]
    )
    votes = np.add.reduceat(np.exp(powers - powers.max(axis=1, keepdims=True)), groups.firsts, axis=1)
    shares = np.log(votes / votes.sum(axis=1, keepdims=True) + np.float32(1e-9))
    for number, name in enumerate(("left", "right", "both", "own", "near", "alike")):
        yield f"votes {name}", shares[number]
        yield f"less votes {name}", shares[number].max() - shares[number]


def _content(lines: Ids, stops: Numbers, query: Query) -> Iterator[tuple[str, Column]]:
    """What is in each line."""
    inside = np.arange(LINE_TOKENS) < stops[:, None]
    unknown = (inside & ~query.known.has(lines)).sum(axis=1)
    apart = (inside & ~(query.around_left.has(lines) | query.around_right.has(lines))).sum(axis=1)
    for name, block in zip(("inner", "outer"), query.blocks, strict=True):
        foreign = (inside & ~(block.has(lines) | query.around_right.has(lines))).sum(axis=1)
        yield f"not in {name} block", foreign
        yield f"not in {name} block share", foreign / np.maximum(stops, 1)
    yield "length", np.log2(1 + stops)
    yield "tokens", np.minimum(stops, 12)
    yield "no token", stops == 0
    yield "one token", stops == 1
    yield "unknown", unknown
    yield "unknown share", unknown / np.maximum(stops, 1)
    yield "not around", apart
    yield "not around share", apart / np.maximum(stops, 1)


def _usual(
    lines: Ids, stops: Numbers, lefts: Ids, query: Query, tokens: Tokens, scopes: Sequence[Scope]
) -> Iterator[tuple[str, Column]]:
    """How usual each line is, token by token and with its end, in the document and in the workspace."""
    ids, hole = tokens.ids, query.hole
    near = np.concatenate([ids[max(0, hole.start - _WIDE) : hole.start], ids[hole.stop : hole.stop + _WIDE]])
    own = Scope(count(near, 15), len(near), 1.0)
    each = np.arange(len(stops))
    width = int(stops.max()) + 1
    body = np.zeros((len(stops), width), np.uint32)
    body[:, : min(width, LINE_TOKENS)] = lines[:, :width]
    body[each, stops] = query.rest[0] if query.rest else NEWLINE
    inside = np.arange(width) <= stops[:, None]
    rows = np.concatenate([lefts, body], axis=1)
    here = seen(rows, own)
    for name, counts in (("here", here), ("all", total(here, *(seen(rows, scope) for scope in scopes)))):
        logs = chances(counts)[:, ORDERS - 1 :] * inside
        whole = logs.sum(axis=1)
        yield f"usual {name}", whole
        yield f"usual {name} mean", whole / (stops + 1)
        yield f"usual {name} least", logs.min(axis=1)
        yield f"usual {name} first", logs[:, 0]
        yield f"usual {name} end", logs[each, stops]
        yield f"less usual {name}", whole.max() - whole
