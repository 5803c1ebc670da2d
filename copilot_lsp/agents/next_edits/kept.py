"""Which lines of a constructor keep what it is given, and how would the next one be written?

Told by its other parameters only: where each of them has a line that assigns it to what has its name, and all of those
lines are the same but for the name, one more parameter has such a line too.
"""

from collections.abc import Sequence
from typing import NamedTuple

from copilot_lsp.agents.next_edits.tokens import NAME, tokens
from copilot_lsp.core.document import Document

# One line alone may be so by chance.
_LEAST = 2
_LINES, _LONGEST = 200, 200
# What stands between the member and the value of the same name.
_BETWEEN = ({"="}, {":"}, {"=", "$"})
_HOLE = ""


class Line(NamedTuple):
    """A line that keeps the value of a name."""

    number: int
    name: str
    shape: tuple[str, ...]


def keeping(document: Document, first: int, last: int, names: Sequence[str]) -> list[Line]:
    """For each of the names the line between two lines that keeps it; none unless there is one for each, all alike."""
    found: dict[str, Line] = {}
    for number in range(first, min(last, first + _LINES) + 1):
        line = line_of(document, number)
        if line is not None and line.name in names:
            found.setdefault(line.name, line)
    alike = len({line.shape for line in found.values()}) == 1
    return [found[name] for name in names] if alike and len(names) >= _LEAST and len(found) == len(names) else []


def line_of(document: Document, number: int) -> Line | None:
    """What a line keeps, if it does nothing else."""
    text = document.line(number)
    if len(text) > _LONGEST:
        return None
    words = [one.text for one in tokens(text, 0, len(text))]
    for name in dict.fromkeys(one for one in words if NAME.fullmatch(one)):
        holes = [index for index, one in enumerate(words) if one == name]
        if len(holes) == 2 and set(words[holes[0] + 1 : holes[1]]) in _BETWEEN:
            return Line(number, name, tuple(_HOLE if one == name else one for one in words))
    return None


def written(document: Document, like: Line, name: str) -> str:
    """The line that keeps another name in the same way, without its line end."""
    text = document.line(like.number).rstrip("\r")
    parts: list[str] = []
    taken = 0
    for one in tokens(text, 0, len(text)):
        if one.text == like.name:
            parts += [text[taken : one.start], name]
            taken = one.end
    return "".join(parts) + text[taken:]


def mentioned(document: Document, first: int, last: int, name: str) -> int:
    """How often a name stands in some lines."""
    start, end = document.starts[first], document.starts[last] + len(document.line(last))
    return sum(one.text == name for one in tokens(document.text, start, end))
