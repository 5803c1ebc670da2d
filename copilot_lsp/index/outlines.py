"""Write what a class or a file defines as an outline: signatures and first words of documentation, no bodies."""

from collections.abc import Mapping, Sequence

from copilot_lsp.core.text import Position, Span
from copilot_lsp.index.defined import Defined, Row
from copilot_lsp.index.worth import Unit
from copilot_lsp.syntax.language import Language

# As large as a piece that is cut out of a file: about 400 tokens.
LARGEST = 1_600
_DOC = 120


def outline(defined: Defined, unit: Unit, language: Language | None) -> tuple[str, Span] | None:
    """The text of a unit and where it is from; None when its definitions are gone."""
    mark = language.comment.line if language else ""
    if unit.container:
        return _of_class(defined, unit, mark)
    return _of_file(unit.wanted, mark)


def _of_class(defined: Defined, unit: Unit, mark: str) -> tuple[str, Span] | None:
    """A class's signature and documentation with the signatures of its members."""
    outer, _, name = unit.container.rpartition(".")
    head = defined.one(unit.path, outer, name)
    if head is None:
        return None
    first = _line(head, mark)
    members = defined.of(unit.path, unit.container)
    lines = {row: f"    {_line(row, mark if row in unit.wanted else '')}" for row in members}
    kept = _fitting(lines, unit.wanted, LARGEST - len(first))
    text = "\n".join([first, *(lines[row] for row in members if row in kept)])
    return text, Span(Position(head.line, head.column), Position(head.end_line, head.end_column))


def _of_file(wanted: Mapping[Row, float], mark: str) -> tuple[str, Span] | None:
    """The signatures of some definitions of one file, in reading order."""
    lines = {row: _line(row, mark) for row in wanted}
    kept = sorted(_fitting(lines, wanted, LARGEST), key=lambda row: (row.line, row.column))
    if not kept:
        return None
    last = max(kept, key=lambda row: (row.end_line, row.end_column))
    span = Span(Position(kept[0].line, kept[0].column), Position(last.end_line, last.end_column))
    return "\n".join(lines[row] for row in kept), span


def _line(row: Row, mark: str) -> str:
    """A definition in one line; its first words of documentation stand behind it as a comment."""
    doc = " ".join(row.doc.split())
    if not doc or not mark:
        return row.signature
    short = doc if len(doc) <= _DOC else doc[: _DOC - 3].rsplit(" ", 1)[0] + "..."
    return f"{row.signature}  {mark} {short}"


def _fitting(lines: Mapping[Row, str], wanted: Mapping[Row, float], room: int) -> Sequence[Row]:
    """Those that fit together: the most wanted ones, then public names in reading order, then the others."""
    kept: list[Row] = []
    for row in sorted(lines, key=lambda row: (-wanted.get(row, 0.0), row.name.startswith("_"))):
        if len(lines[row]) < room:
            kept.append(row)
            room -= len(lines[row]) + 1
    return kept
