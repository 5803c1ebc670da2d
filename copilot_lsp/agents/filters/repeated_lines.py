"""Lines that stand above or below the cursor already, or in the text itself, are not written again."""

import re
from itertools import pairwise

from copilot_lsp.agents.filter import Filter, Place

# So many lines below are compared: what a model repeats begins there.
_LINES = 12
# A line is one of many when it holds less than this: brackets, `end`, `else:`. Lines that say something stand twice
# in a row in fewer than 1 of 1,000 cases, and then mostly in tables.
_SAYS = re.compile(r"(?:\w[^\w]*){4}")
_COMMON = frozenset(
    {"else", "break", "continue", "return", "pass", "end", "finally", "default", "None", "null", "then"}
)


async def check(place: Place, text: str) -> str:
    rows = [row.rstrip() for row in f"{place.head}{text}".split("\n")]
    kept = min(_loop(rows), _below(place, rows))
    whole = not place.head.strip() and not place.rest.strip()
    if kept and whole and _is_above(place, rows[:kept]):
        return ""
    if kept == len(rows):
        return text
    lines = text.split("\n")[:kept]
    return "\n".join(lines).rstrip() if kept else ""


def _loop(rows: list[str]) -> int:
    """How many rows there are before one, or a group of them, comes a second time in a row."""
    for at in range(1, len(rows)):
        for size in range(1, min(at, len(rows) - at) + 1):
            if rows[at : at + size] == rows[at - size : at] and _says(rows[at : at + size]):
                return at
    return len(rows)


def _below(place: Place, rows: list[str]) -> int:
    """How many rows there are before the text goes on like the document does below."""
    if place.rest.strip():
        return len(rows)
    below = place.below(_LINES)
    if not below:
        return len(rows)
    for at, row in enumerate(rows):
        rest = [one for one in rows[at:] if one]
        if row != below[0]:
            continue
        # A line that says little, as a bracket, is the same one only when all goes on the same.
        if _says([row]) if at == 0 else _says([row]) or rest == below[: len(rest)]:
            return len(rows) if at == 0 and _is_table(place, row) else at
    return len(rows)


def _is_above(place: Place, rows: list[str]) -> bool:
    """Whether the whole text says again what stands directly above the cursor."""
    said = [row for row in rows if row]
    above = place.above(len(said))[::-1]
    return bool(said) and said == above and _says(said) and not (len(said) == 1 and _is_table(place, said[0]))


def _is_table(place: Place, row: str) -> bool:
    """Whether equal lines are the custom at this place."""
    around = [*place.above(2)[::-1], *place.below(2)]
    return any(one == other == row for one, other in pairwise(around))


def _says(rows: list[str]) -> bool:
    return any(_SAYS.search(row) and row.strip(" \t;:,(){}[]") not in _COMMON for row in rows)


FILTER = Filter("repeated_lines", 22, check)
