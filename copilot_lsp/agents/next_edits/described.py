"""Where does documentation speak of a parameter?"""

import re

from copilot_lsp.core.text import Span
from copilot_lsp.syntax.comments import Documentation, documentation
from copilot_lsp.syntax.language import DocStyle
from copilot_lsp.syntax.tree import SyntaxTree


def described(tree: SyntaxTree, line: int, body: int, name: str) -> tuple[Documentation | None, tuple[int, int] | None]:
    """The documentation of a definition that begins on a line and has its body at a byte, and where in its text the
    parameter's name is that a description follows."""
    found = documentation(tree, line, body)
    style = tree.language.doc
    if found is None or "{name}" not in style.parameter:
        return found, None
    match = _pattern(style, name).search(found.text)
    return found, match.span(1) if match else None


def lines(text: str, place: int) -> tuple[int, int]:
    """Where the line that holds an index begins and where it ends."""
    begin = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    end = len(text) if end < 0 else end
    return begin, end - text.endswith("\r", begin, end)


def inside(tree: SyntaxTree, found: Documentation, start: int, end: int) -> Span:
    """The span in the document of a stretch of its documentation's text."""
    base = tree.document.offset(found.span.start)
    return Span(tree.document.position(base + start), tree.document.position(base + end))


def _pattern(style: DocStyle, name: str) -> re.Pattern[str]:
    """A parameter's name where the convention puts it: alone at a line's beginning, or behind a tag."""
    lead = style.parameter.partition("{name}")[0].strip()
    if not lead:
        opening = r"^[ \t]*"
    elif lead.startswith("@"):
        # What a tag may say about the type, and the bracket of an optional one, come before the name.
        opening = re.escape(lead) + r"[ \t]+(?:\{[^}\n]*\}[ \t]*)?\[?"
    else:
        opening = re.escape(lead)
    return re.compile(rf"{opening}({re.escape(name)})(?![\w$])(?=[ \t]*[:(\"\]= ]|[ \t]*$)", re.MULTILINE)
