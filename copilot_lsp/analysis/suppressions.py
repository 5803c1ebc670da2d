"""Which findings has the author asked not to see, by a comment at the place?

`copilot-lsp: ignore[rule-id, other-id]` in a comment of its own holds for the next line, after code for its own line;
`copilot-lsp: ignore` alone means every rule.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from copilot_lsp.core.document import Document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, at
from copilot_lsp.syntax.language import Comment, Language
from copilot_lsp.syntax.tree import SyntaxTree

_MARK = re.compile(r"copilot-lsp:\s*ignore\b(?:\[([^\]\r\n]*)\])?")
EVERY = frozenset("*")
# Parts of the names that grammars give to what holds text.
_TEXT = ("string", "template", "jsx", "heredoc")


@dataclass(frozen=True, slots=True)
class Suppressions:
    """For each line with a request, the rule ids that are not to be reported on it, or `EVERY`."""

    lines: Mapping[int, frozenset[str]]

    def hide(self, line: int, code: str) -> bool:
        """Whether a finding that begins on this line is not to be shown."""
        codes = self.lines.get(line)
        return codes is not None and (code in codes or codes == EVERY)


def suppressions(document: Document, language: Language) -> Suppressions:
    """The requests in a document. One in a string counts as well: nothing else could be meant by it."""
    opening = _opening(language.comment)
    lines: dict[int, frozenset[str]] = {}
    if opening is None or "copilot-lsp:" not in document.text:
        return Suppressions(lines)
    for mark in _MARK.finditer(document.text):
        place = document.position(mark.start())
        before = opening.fullmatch(document.line(place.line)[: place.column])
        if before:
            line = place.line if before[1].strip() else place.line + 1
            lines[line] = lines.get(line, frozenset()) | _codes(mark[1])
    return Suppressions({line: EVERY if codes & EVERY else codes for line, codes in lines.items()})


def suppress(tree: SyntaxTree, line: int, code: str) -> Edit | None:
    """The edit that asks for silence about one rule on one line; None where no comment can stand above the line."""
    comment, document = tree.language.comment, tree.document
    if not (comment.line or len(comment.block) == 2) or _in_text(tree, line):
        return None
    mark = f"copilot-lsp: ignore[{code}]"
    text = f"{comment.line} {mark}" if comment.line else f"{comment.block[0]} {mark} {comment.block[1]}"
    content = document.line(line)
    indentation = content[: len(content) - len(content.lstrip())]
    end = "\r\n" if document.text[document.starts[line] + len(content) :].startswith("\r\n") else "\n"
    return Edit(at(line, 0), f"{indentation}{text}{end}")


def _in_text(tree: SyntaxTree, line: int) -> bool:
    """Whether the line begins inside of a string or of markup, where a comment would be content."""
    around = tree.ancestors(Position(line, 0))
    return any(word in node.type for node in around for word in _TEXT if node.start_point.row < line)


def _opening(comment: Comment) -> re.Pattern[str] | None:
    """What stands before a request on its line: any code, then the beginning of a comment."""
    starts = [re.escape(start) for start in (comment.line, *comment.block[:1]) if start]
    return re.compile(rf"(.*?)(?:{'|'.join(starts)})[^\w]*") if starts else None


def _codes(listed: str | None) -> frozenset[str]:
    if listed is None:
        return EVERY
    return frozenset(code.strip() for code in listed.split(",") if code.strip())
