"""The syntax errors of a document: few, and said so that a person knows what to do."""

import re
from typing import NamedTuple

import tree_sitter

from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax.tree import DEEPEST, SyntaxTree

# One fault often leaves several error nodes behind it; beyond this many the rest says nothing new.
MOST = 10
_SHOWN = 24
_VISITED = 2_000
_QUOTES = re.compile(r"[\"'`]+")


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
    if not node.is_named:
        return Problem(Span(start, place), f"missing {node.type}")
    what = "a name" if "identifier" in node.type else "something"
    return Problem(Span(start, place), f"{what} is missing after this")


def _unexpected(tree: SyntaxTree, node: tree_sitter.Node) -> Problem:
    opened = _never_closed(tree, node)
    if opened is not None:
        return Problem(tree.span_of(opened), f"{opened.type} is never closed")
    # A character that begins no token is the culprit, whatever the parser gave up around it.
    node = next((child for child in node.children if child.is_error and not child.child_count), node)
    span = tree.span_of(node)
    start = span.start
    line = tree.document.line(start.line)[start.column :]
    if quotes := _QUOTES.match(line):
        return Problem(Span(start, Position(start.line, start.column + quotes.end())), f"{quotes[0]} is never closed")
    after = tree.document.line(span.end.line)[span.end.column :]
    if node.child_count and not after.strip() and span.end > start:
        end = tree.offsets.position(len(tree.offsets.source[: node.end_byte].rstrip()))
        return Problem(Span(Position(end.line, max(0, end.column - 1)), end), "something is missing after this")
    word = line.split(maxsplit=1)
    end = min(Position(start.line, start.column + len(word[0]) if word else start.column), span.end)
    text = tree.document.slice(Span(start, max(start, end)))[:_SHOWN]
    shown = "".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in text)
    return Problem(Span(start, max(start, end)), f"unexpected {shown}" if shown else "something is missing here")


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
