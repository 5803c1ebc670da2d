"""Does a line fit the brackets, quotes and indentation around it?"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.lexer import NEWLINE, Ids, token_id
from copilot_lsp.recall.query import LINE_TOKENS, Query
from copilot_lsp.recall.rows import Numbers, counted
from copilot_lsp.recall.tokens import Tokens

# A number for each line, of whatever kind.
Feature = NDArray[np.generic]

_PAIRS = [(token_id(opener), token_id(closer)) for opener, closer in ("()", "[]", "{}")]
_BRACKETS_OPEN, _BRACKETS_CLOSE = zip(*_PAIRS, strict=True)
# What a line ends with when the next one is deeper.
_OPENERS = (*_BRACKETS_OPEN, token_id(":"))
# So many tokens on each side are looked at for what is open.
_WIDE = 6000
_QUOTES = {"double": '"', "single": "'", "long": '"""', "back": "`"}
# Those that must be in balance in each line, the others are so in the file.
_IN_LINE = ("double", "single")
# What is counted: openers, their closers, and quotes.
_COUNTED = np.array([*_BRACKETS_OPEN, *_BRACKETS_CLOSE, *map(token_id, _QUOTES.values())], np.uint32)


def taken_up(lines: Ids, stops: Numbers, rest: tuple[int, ...]) -> Numbers:
    """How many tokens of each line come before the rest of the cursor's line; 0 when the two do not fit.

    That is where the rest, or as much of it as the line has, stands in the line; else where the line closes a bracket
    that it has not opened, if the rest begins with that one.
    """
    inside = np.arange(LINE_TOKENS) < stops[:, None]
    fits = inside & (lines == rest[0])
    for ahead, number in enumerate(rest[1:LINE_TOKENS], 1):
        if not fits.any():
            break
        fits[:, :-ahead] &= (lines[:, ahead:] == number) | ~inside[:, ahead:]
    depth = np.cumsum(_any_of(lines, _BRACKETS_OPEN).astype(np.int8) - _any_of(lines, _BRACKETS_CLOSE), axis=1)
    closes = inside & (depth < 0)
    first = closes.argmax(axis=1)
    bracket = np.where(lines[np.arange(len(lines)), first] == rest[0], first, 0)
    return np.where(fits.any(axis=1), fits.argmax(axis=1), bracket)


def shape(lines: Ids, stops: Numbers, query: Query, tokens: Tokens) -> Iterator[tuple[str, Feature | float]]:
    """Figures of lines at the cursor: of each one, or one for all."""
    yield from _balance(lines, query, tokens)
    ids, hole = tokens.ids, query.hole
    rows = np.arange(len(stops))
    first, second, last = lines[:, 0], lines[:, 1], lines[rows, np.maximum(stops - 1, 0)]
    opens, closes = _any_of(last, _OPENERS), _any_of(first, _BRACKETS_CLOSE)
    above = query.above - query.indent
    below = query.below - query.indent
    yield "opens", opens
    yield "closes", closes
    yield "below deeper", float(below > 0)
    yield "below same", float(below == 0)
    yield "above deeper", float(above > 0)
    yield "above shallower", float(above < 0)
    yield "opens deeper", opens * float(below > 0)
    yield "opens same", opens * float(below == 0)
    yield "flat deeper", ~opens * float(below > 0)
    yield "closes same", closes * float(below == 0)
    yield "closes above same", closes * float(above == 0)
    yield "closes above shallower", closes * float(above < 0)
    next_line, line_above = _next_line(query), _line_above(ids, hole.start)
    yield "below closes", float(len(next_line) > 0 and next_line[0] in _BRACKETS_CLOSE)
    for name, line in (("below", next_line), ("above", line_above)):
        some = query.blank and len(line) > 0
        yield f"first as {name}", (first == line[0]) * float(some) if len(line) else 0.0
        yield f"second as {name}", (second == line[1]) * float(some) if len(line) > 1 else 0.0
        yield f"last as {name}", last == line[-1] if len(line) else 0.0
        whole = len(line) <= LINE_TOKENS and some
        yield f"as {name}", (stops == len(line)) & (lines[:, : len(line)] == line).all(axis=1) if whole else 0.0


def _balance(lines: Ids, query: Query, tokens: Tokens) -> Iterator[tuple[str, Feature | float]]:
    """Text whose brackets and quotes are in balance but for the cursor's line tells what that line closes."""
    ids = tokens.ids[max(0, query.hole.start - _WIDE) : query.hole.stop + _WIDE]
    line = tokens.ids[query.hole.start : query.hole.stop]
    here, pairs = counted(lines == _COUNTED[:, None, None]), len(_PAIRS)
    missing = [np.count_nonzero(ids == opener) - np.count_nonzero(ids == closer) for opener, closer in _PAIRS]
    off = np.abs(here[:pairs] - here[pairs : 2 * pairs] + np.array(missing)[:, None]).sum(axis=0)
    yield "brackets off", np.minimum(off, 4)
    yield "brackets fit", off == 0
    yield "brackets missing", float(min(sum(map(abs, missing)), 4))
    for name, quote, in_lines in zip(_QUOTES, _COUNTED[2 * pairs :], here[2 * pairs :], strict=True):
        where = line if name in _IN_LINE else ids
        yield f"odd {name}", (in_lines + np.count_nonzero(where == quote)) % 2


def _any_of(ids: Ids, wanted: Sequence[int]) -> NDArray[np.bool_]:
    """Which ids are among a few wanted ones."""
    found = ids == wanted[0]
    for one in wanted[1:]:
        found |= ids == one
    return found


def _next_line(query: Query) -> Ids:
    ends = np.flatnonzero(query.right[1:] == NEWLINE)
    return query.right[1 : 1 + int(ends[0])] if len(ends) else query.right[1:]


def _line_above(ids: Ids, first: int) -> Ids:
    """The line that ends before token `first`, as far as it is looked at."""
    stop = max(0, first - 1)
    begin = max(0, stop - LINE_TOKENS)
    ends = np.flatnonzero(ids[begin:stop] == NEWLINE)
    return ids[begin + int(ends[-1]) + 1 if len(ends) else begin : stop]
