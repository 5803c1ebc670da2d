"""Flags what a merge left behind, and offers either side."""

import re
from collections.abc import Iterator

from copilot_lsp.analysis.finding import Finding, Fix, Severity
from copilot_lsp.analysis.rule import About, Rule
from copilot_lsp.core.document import Document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax.tree import SyntaxTree

ABOUT = About(
    "merge-conflict",
    "Unresolved merge conflict",
    "A merge left both sides in the file; one of them, or a mixture, is meant.",
    Severity.ERROR,
    "correctness",
)
# How far below its beginning the end of a conflict is looked for.
_LONGEST = 5_000
_BEGIN = re.compile(r"<{7} ")


def check(tree: SyntaxTree, lines: range) -> Iterator[Finding]:
    """A finding for each complete conflict that begins in these lines."""
    document = tree.document
    start, stop = document.offset(Position(lines.start, 0)), document.offset(Position(lines.stop, 0))
    if lines.stop >= document.line_count:
        stop = len(document.text)
    if document.text.find("<<<<<<< ", start, stop) < 0:
        return
    for number in lines:
        if _BEGIN.match(document.line(number)):
            yield from _conflict(document, number)


def _conflict(document: Document, begin: int) -> Iterator[Finding]:
    base, middle, end = _marks(document, begin)
    if middle < 0 or end < 0:
        return
    ours = Fix("Keep the first side", _keep(document, begin, begin + 1, base if base >= 0 else middle, end))
    theirs = Fix("Keep the second side", _keep(document, begin, middle + 1, end, end))
    span = Span(Position(begin, 0), Position(begin, len(document.line(begin))))
    data = {"category": ABOUT.category, "why": ABOUT.why}
    yield Finding(span, ABOUT.title, ABOUT.severity, ABOUT.id, fixes=(ours, theirs), data=data)


def _marks(document: Document, begin: int) -> tuple[int, int, int]:
    """The lines with the marks of the common ancestor, the second side and the end; -1 for one that is missing."""
    base = middle = -1
    for number in range(begin + 1, min(begin + _LONGEST, document.line_count)):
        line = document.line(number)
        if line.startswith("||||||| ") and middle < 0:
            base = number
        elif line == "=======" and middle < 0:
            middle = number
        elif line.startswith(">>>>>>> ") and middle >= 0:
            return base, middle, number
        elif _BEGIN.match(line):
            break
    return base, middle, -1


def _keep(document: Document, begin: int, first: int, last: int, end: int) -> tuple[Edit, ...]:
    """Delete the lines from `begin` to `end` but those from `first` up to `last`; the later deletion first."""
    after = document.clamp(Position(end + 1, 0))
    return (
        Edit(Span(Position(last, 0), after), ""),
        Edit(Span(Position(begin, 0), Position(first, 0)), ""),
    )


RULE = Rule("merge_conflict", ABOUT, check, fixable=True)
