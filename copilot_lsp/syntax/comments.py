"""Where a definition's documentation stands in the text, and what it says without its marks."""

import re
from functools import cache
from typing import NamedTuple

from copilot_lsp.core.document import Document
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax.language import DocStyle
from copilot_lsp.syntax.tree import SyntaxTree

_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n")
_LONGEST = 20_000
_SUMMARY = 300


class Documentation(NamedTuple):
    """The lines or the literal that hold documentation, and their text as written, marks included."""

    span: Span
    text: str


def documentation(tree: SyntaxTree, line: int, body: int) -> Documentation | None:
    """The documentation of a definition that begins on a line and whose body begins at a byte (-1: has none)."""
    style = tree.language.doc
    if style.place == "before":
        return _above(tree.document, line, style) if line else None
    if style.place == "body" and body >= 0:
        return _inside(tree, body, style)
    return None


def summary(tree: SyntaxTree, line: int, body: int) -> str:
    """The first paragraph of a definition's documentation on one line, empty when it has none."""
    style = tree.language.doc
    if style.place == "body":
        text = tree.offsets.text
        # Most definitions have no documentation: four characters tell.
        if body < 0 or not text(body, body + 4).startswith(_openings(style)):
            return ""
        said = _literal(text(body, body + 4 * _SUMMARY), style)
        opening, closing = _marks(said, style)
        said = said[len(opening) :].removesuffix(closing).lstrip()
    else:
        found = documentation(tree, line, body)
        said = plain(found.text[: 4 * _SUMMARY], style) if found else ""
    return " ".join(_EMPTY_LINE.split(said, maxsplit=1)[0].split())[:_SUMMARY] if said else ""


def _literal(text: str, style: DocStyle) -> str:
    """The documentation that a text begins with, up to its closing mark if that is there; else nothing."""
    if not text.startswith(_openings(style)):
        return ""
    opening, closing = _marks(text, style)
    end = text.find(closing, len(opening))
    return text if end < 0 else text[: end + len(closing)]


@cache
def _openings(style: DocStyle) -> tuple[str, ...]:
    return tuple(opening for opening, _ in style.delimiters)


def plain(text: str, style: DocStyle) -> str:
    """Documentation without its delimiters, line prefixes, common indentation and markup."""
    text = text.strip()
    opening, closing = _marks(text, style)
    if style.place == "body":
        lines = _dedented(text, opening, closing)
    else:
        lines = [_bare(line.strip(), opening, closing, style) for line in text.splitlines()]
    said = "\n".join(lines)
    return (re.sub(style.markup, "", said) if style.markup else said).strip()


def _above(document: Document, line: int, style: DocStyle) -> Documentation | None:
    last = line - 1
    while last >= 0 and style.skip and document.line(last).lstrip().startswith(style.skip):
        last -= 1
    first = last
    text = document.line(last).strip() if last >= 0 else ""
    for opening, closing in style.delimiters:
        if closing and text.endswith(closing):
            while first >= 0 and opening not in document.line(first) and last - first < _LONGEST // 40:
                first -= 1
            if first >= 0 and document.line(first).lstrip().startswith(opening):
                return _lines(document, first, last)
        elif not closing and text.startswith(opening):
            while first > 0 and document.line(first - 1).lstrip().startswith(opening):
                first -= 1
            return _lines(document, first, last)
    return None


def _lines(document: Document, first: int, last: int) -> Documentation:
    span = Span(Position(first, 0), Position(last, len(document.line(last))))
    return Documentation(span, document.slice(span))


def _inside(tree: SyntaxTree, body: int, style: DocStyle) -> Documentation | None:
    literal = _literal(tree.offsets.text(body, body + _LONGEST), style)
    _, closing = _marks(literal, style)
    if not literal.endswith(closing) or not literal:
        return None
    start = tree.offsets.position(body)
    return Documentation(Span(start, _after(start, literal)), literal)


def _after(start: Position, text: str) -> Position:
    """The position after a text that begins at a position."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Position(start.line + len(lines) - 1, len(lines[-1]) + (start.column if len(lines) == 1 else 0))


def _marks(text: str, style: DocStyle) -> tuple[str, str]:
    return next(((one, end) for one, end in style.delimiters if text.startswith(one)), ("", ""))


def _bare(line: str, opening: str, closing: str, style: DocStyle) -> str:
    if closing:
        line = line.removesuffix(closing).rstrip()
        line = line.removeprefix(opening)
        mark = style.prefix.strip()
        return line.strip().removeprefix(mark).removeprefix(" ").rstrip() if mark else line.strip()
    return line.removeprefix(opening).removeprefix(" ").rstrip()


def _dedented(text: str, opening: str, closing: str) -> list[str]:
    first, *rest = text.removeprefix(opening).removesuffix(closing).splitlines() or [""]
    indents = [len(line) - len(line.lstrip()) for line in rest if line.strip()]
    cut = min(indents, default=0)
    return [first.strip(), *(line[cut:].rstrip() for line in rest)]
