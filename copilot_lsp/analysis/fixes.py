"""How do a rule's fix templates become edits of one document?"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import tree_sitter

from copilot_lsp.analysis.finding import Fix, fix
from copilot_lsp.analysis.rulefile import PLACEHOLDER, EditTemplate, FixTemplate
from copilot_lsp.core.document import Document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span, at
from copilot_lsp.syntax.tree import SyntaxTree

Nodes = Mapping[str, tree_sitter.Node]


def fill(template: str, tree: SyntaxTree, nodes: Nodes) -> str:
    """The template with the text of each captured node in its place; a capture that did not take part is empty."""
    return PLACEHOLDER.sub(lambda match: tree.text_of(nodes[match[1]]) if match[1] in nodes else "", template)


def fixes(templates: Sequence[FixTemplate], tree: SyntaxTree, nodes: Nodes) -> Iterator[Fix]:
    """The fixes that fit a match: those whose captures it has and whose edits are possible where they would be."""
    for template in templates:
        if not template.captures <= nodes.keys():
            continue
        edits = [_edit(one, tree, nodes) for one in template.edits]
        possible = [edit for edit in edits if edit is not None]
        if len(possible) < len(edits):
            continue
        if made := fix(fill(template.title, tree, nodes), possible, preferred=template.preferred):
            yield made


def _edit(template: EditTemplate, tree: SyntaxTree, nodes: Nodes) -> Edit | None:
    span = tree.span_of(nodes[template.capture])
    return _ACTIONS[template.action](tree.document, span, fill(template.text, tree, nodes))


def _replace(document: Document, span: Span, text: str) -> Edit:
    return Edit(span, _indented(document, span.start.line, text))


def _delete(_document: Document, span: Span, _text: str) -> Edit:
    return Edit(span, "")


def _delete_lines(document: Document, span: Span, _text: str) -> Edit | None:
    """The whole lines of a node; None where they hold something else, too."""
    if not (_first_on_line(document, span.start) and _last_on_line(document, span.end)):
        return None
    after = document.clamp(Position(span.end.line + 1, 0))
    return Edit(Span(Position(span.start.line, 0), after), "")


def _insert_above(document: Document, span: Span, text: str) -> Edit | None:
    if not _first_on_line(document, span.start):
        return None
    text = f"{_indentation(document, span.start.line)}{_indented(document, span.start.line, text)}"
    return Edit(at(span.start.line, 0), text + _line_end(document))


def _insert_below(document: Document, span: Span, text: str) -> Edit | None:
    if not _last_on_line(document, span.end):
        return None
    text = f"{_indentation(document, span.start.line)}{_indented(document, span.start.line, text)}"
    end = Position(span.end.line, len(document.line(span.end.line)))
    return Edit(Span(end, end), _line_end(document) + text)


_ACTIONS: dict[str, Callable[[Document, Span, str], Edit | None]] = {
    "replace": _replace,
    "delete": _delete,
    "delete_lines": _delete_lines,
    "insert_line_above": _insert_above,
    "insert_line_below": _insert_below,
}


def _indented(document: Document, line: int, text: str) -> str:
    """A text whose further lines begin like `line`, and end as the document's lines do."""
    return re.sub(r"\r?\n", _line_end(document) + _indentation(document, line), text)


def _indentation(document: Document, line: int) -> str:
    text = document.line(line)
    return text[: len(text) - len(text.lstrip())]


def _line_end(document: Document) -> str:
    return "\r\n" if "\r\n" in document.text[: document.starts[1] if document.line_count > 1 else 0] else "\n"


def _first_on_line(document: Document, position: Position) -> bool:
    return not document.line(position.line)[: position.column].strip()


def _last_on_line(document: Document, position: Position) -> bool:
    return not document.line(position.line)[position.column :].strip()
