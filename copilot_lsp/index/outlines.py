"""Write what a class or a file defines as outlines: signatures and first words of documentation, no bodies."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from copilot_lsp.core.text import Position, Span
from copilot_lsp.index.defined import Defined, Row
from copilot_lsp.index.worth import Unit
from copilot_lsp.syntax.language import Language

# As large as a piece that is cut out of a file: about 400 tokens. A class may have three times as much.
LARGEST = 1_600
_PARTS = 3
_DOC = 120
_FIELD = 100
_INDENT = "    "

Read = Callable[[str], Sequence[str]]


class Part(NamedTuple):
    """One outline, and where in its file the definitions are that it shows."""

    text: str
    span: Span


def outlines(defined: Defined, unit: Unit, language: Language | None, read: Read) -> list[Part]:
    """The outlines of a unit, what is wanted most in the first one; none when its definitions are gone.

    `read` gives the lines of a file as it was indexed, none when it has changed since.
    """
    mark = language.comment.line if language else ""
    if not unit.container:
        lines = {row: _line(row, mark) for row in unit.wanted}
        return [_part(None, "", rows, lines) for rows in _shared_out(lines, unit.wanted, LARGEST)]
    outer, _, name = unit.container.rpartition(".")
    head = defined.one(unit.path, outer, name)
    if head is None:
        return []
    first = _line(head, mark)
    members = defined.of(unit.path, unit.container)
    if language and language.fields:
        members = [*_fields(head, members, read(unit.path), language.fields), *members]
    lines = {row: _INDENT + _line(row, mark if row in unit.wanted else "") for row in members}
    parts = _shared_out(lines, unit.wanted, LARGEST - len(first)) or [[]]
    return [_part(head, first if number == 0 else head.signature, rows, lines) for number, rows in enumerate(parts)]


def _fields(head: Row, members: Sequence[Row], lines: Sequence[str], pattern: str) -> Iterator[Row]:
    """The fields of a class that are not declared but given a value by its methods, where that is done first."""
    known = {row.name for row in members}
    for number in range(head.line, min(head.end_line + 1, len(lines))):
        match = re.match(pattern, lines[number])
        if match and match[1] not in known:
            known.add(match[1])
            text = " ".join(lines[number].split())[:_FIELD]
            yield Row(head.path, match[1], "field", head.inside, text, "", number, 0, number, len(lines[number]))


def _part(head: Row | None, first: str, rows: list[Row], lines: Mapping[Row, str]) -> Part:
    """Some definitions in reading order, below what they are defined in."""
    shown = sorted(rows, key=lambda row: (row.line, row.column))
    begin = head or shown[0]
    end = head or max(shown, key=lambda row: (row.end_line, row.end_column))
    text = "\n".join([*([first] if first else []), *(lines[row] for row in shown)])
    return Part(text, Span(Position(begin.line, begin.column), Position(end.end_line, end.end_column)))


def _line(row: Row, mark: str) -> str:
    """A definition in one line; its first words of documentation stand behind it as a comment."""
    doc = " ".join(row.doc.split())
    if not doc or not mark:
        return row.signature
    short = doc if len(doc) <= _DOC else doc[: _DOC - 3].rsplit(" ", 1)[0] + "..."
    return f"{row.signature}  {mark} {short}"


def _shared_out(lines: Mapping[Row, str], wanted: Mapping[Row, float], room: int) -> list[list[Row]]:
    """Definitions by the part that they are in: the most wanted ones, then public names in reading order."""
    parts: list[list[Row]] = []
    left = 0
    for row in sorted(lines, key=lambda row: (-wanted.get(row, 0.0), row.name.startswith("_"))):
        size = len(lines[row]) + 1
        if size > room:
            continue
        if size > left:
            if len(parts) == _PARTS:
                break
            parts.append([])
            left = room
        parts[-1].append(row)
        left -= size
    return parts
