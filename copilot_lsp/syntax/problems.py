"""The syntax errors of a document: few, and said so that a person knows what to do."""

from typing import NamedTuple

import tree_sitter

from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax.tree import DEEPEST, SyntaxTree

# One fault often leaves several error nodes behind it; beyond this many the rest says nothing new.
MOST = 10
_SHOWN = 24
_VISITED = 2_000


class Problem(NamedTuple):
    span: Span
    message: str


def problems(tree: SyntaxTree) -> tuple[Problem, ...]:
    """At most `MOST` problems in reading order, one per line: the outermost error of each place.

    None for a language with dialects: what its grammar does not know may well be right.
    """
    if tree.language.dialects:
        return ()
    found: dict[int, Problem] = {}
    for node in _faults(tree):
        problem = _missing(tree, node) if node.is_missing else _unexpected(tree, node)
        found.setdefault(problem.span.start.line, problem)
        if len(found) == MOST:
            break
    return tuple(sorted(found.values()))


def _faults(tree: SyntaxTree) -> list[tree_sitter.Node]:
    """Error and missing nodes in reading order; inside an error node nothing more is looked for."""
    found: list[tree_sitter.Node] = []
    waiting = [(tree.root, 0)]
    visited = 0
    while waiting and visited < _VISITED and len(found) < 4 * MOST:
        node, depth = waiting.pop()
        visited += 1
        if node.is_missing or (node.is_error and depth):
            found.append(node)
        elif node.has_error and depth < DEEPEST:
            waiting.extend((child, depth + 1) for child in reversed(node.children) if child.has_error)
    return found or ([tree.root] if tree.root.has_error else [])


def _missing(tree: SyntaxTree, node: tree_sitter.Node) -> Problem:
    """A token that the parser had to invent; it is reported at the end of what stands before it."""
    end = len(tree.offsets.source[: node.start_byte].rstrip())
    place = tree.offsets.position(end)
    start = Position(place.line, max(0, place.column - 1))
    what = f"'{node.type}'" if not node.is_named else node.type.replace("_", " ")
    return Problem(Span(start, place), f"missing {what}")


def _unexpected(tree: SyntaxTree, node: tree_sitter.Node) -> Problem:
    opened = _never_closed(tree, node)
    if opened is not None:
        return Problem(tree.span_of(opened), f"'{opened.type}' is never closed")
    start = tree.offsets.position(node.start_byte)
    line = tree.document.line(start.line)
    word = line[start.column :].split(maxsplit=1)
    end = Position(start.line, start.column + len(word[0])) if word else start
    end = min(end, tree.offsets.position(node.end_byte)) if node.end_byte > node.start_byte else end
    text = tree.document.slice(Span(start, end))
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
    return Problem(Span(start, end), f"unexpected '{shown}'" if shown else "unexpected end of input")


def _never_closed(tree: SyntaxTree, node: tree_sitter.Node) -> tree_sitter.Node | None:
    """The first bracket that an error node opens and does not close."""
    closing = {pair[0]: pair[1:] for pair in tree.language.brackets}
    stack: list[tree_sitter.Node] = []
    for child in node.children:
        if child.type in closing:
            stack.append(child)
        elif stack and child.type == closing[stack[-1].type]:
            stack.pop()
    return stack[0] if stack else None
