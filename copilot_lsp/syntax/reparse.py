"""What would the tree of a document be after a few replacements?"""

import time
from collections.abc import Sequence
from typing import NamedTuple

import tree_sitter

from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Span
from copilot_lsp.syntax import queries
from copilot_lsp.syntax.limits import DEFAULT, survives
from copilot_lsp.syntax.offsets import Offsets, encode
from copilot_lsp.syntax.slices import Stopped, parse_slice
from copilot_lsp.syntax.tree import DEEPEST, SyntaxTree

# Faults beyond these are not counted: a text with so many is broken either way.
_FAULTS = 200
# Counting a document's lines anew is quicker than following more replacements than these.
_FEW = 5
# What takes longer is not built on the tree that is there: something in the text makes the parser begin anew.
_SECONDS = 0.3


class Replacement(NamedTuple):
    """A stretch of a text, as indexes into it, and what stands there instead."""

    start: int
    end: int
    text: str


def reparsed(tree: SyntaxTree, replacements: Sequence[Replacement]) -> SyntaxTree | None:
    """The tree after replacements that do not overlap; None for a text that the grammar cannot take, or not in time.

    Synchronous, for a thread of its own: the interpreter's lock is given up now and then, so that the event loop gets
    its turns. Built on the tree that is there: 4 ms in 5,000 lines, where parsing anew takes 30.
    """
    ordered = sorted(replacements, reverse=True)
    then = _replaced(tree.document, ordered)
    if not survives(tree.language, then.text):
        return None
    old = tree.tree.copy()
    for start, end, new in reversed(_moves(tree, ordered)):
        # From the last to the first: what lies before a replacement has the same bytes in both texts.
        old.edit(start.byte, end.byte, new.byte, start.point, end.point, new.point)
    offsets = Offsets(then)
    parsed = _parsed(tree_sitter.Parser(queries.grammar(tree.language)), offsets.source, old)
    return SyntaxTree(then, tree.language, parsed, offsets) if parsed else None


def faults(tree: SyntaxTree) -> int:
    """How many error and missing nodes a tree has, counted up to a limit."""
    count = 0
    waiting = [(tree.root, 0)] if tree.root.has_error else []
    while waiting and count < _FAULTS:
        node, depth = waiting.pop()
        count += node.is_error or node.is_missing
        if depth < DEEPEST:
            waiting.extend((child, depth + 1) for child in node.children if child.has_error or child.is_missing)
    return count


def _replaced(before: Document, ordered: Sequence[Replacement]) -> Document:
    """The document after the replacements, given from the last to the first."""
    pieces: list[str] = []
    taken = len(before.text)
    for one in ordered:
        pieces += (before.text[one.end : taken], one.text)
        taken = one.start
    text = before.text[:taken] + "".join(reversed(pieces))
    if len(ordered) > _FEW:
        return document(before.uri, text, before.language, before.version)
    edits = [Edit(Span(before.position(one.start), before.position(one.end)), one.text) for one in ordered]
    then = before.replaced(edits, before.version)
    # A place between the two characters of a line end is none in a document: then its lines are counted anew.
    return then if then.text == text else document(before.uri, text, before.language, before.version)


def _parsed(parser: tree_sitter.Parser, source: bytes, old: tree_sitter.Tree) -> tree_sitter.Tree | None:
    limit = time.thread_time() + _SECONDS
    while time.thread_time() < limit:
        tree = parse_slice(parser, source, old, DEFAULT.slice, DEFAULT.stuck)
        if tree is Stopped.STUCK:
            return None
        if tree is not Stopped.PAUSED:
            return tree
        time.sleep(0)
    parser.reset()
    return None


class _Spot(NamedTuple):
    """A byte, with its row and column as the grammar counts them: only a line feed ends a row."""

    byte: int
    row: int
    column: int

    @property
    def point(self) -> tuple[int, int]:
        return self.row, self.column

    def after(self, text: bytes) -> "_Spot":
        rows = text.count(b"\n")
        column = len(text) - text.rfind(b"\n") - 1 if rows else self.column + len(text)
        return _Spot(self.byte + len(text), self.row + rows, column)


def _moves(tree: SyntaxTree, ordered: Sequence[Replacement]) -> list[tuple[_Spot, _Spot, _Spot]]:
    """Where each replacement begins and ends and where its new text ends, from the first to the last."""
    source, found = tree.offsets.source, list[tuple[_Spot, _Spot, _Spot]]()
    reached = _Spot(0, 0, 0)
    for one in reversed(ordered):
        start = reached.after(source[reached.byte : tree.offsets.byte_at(one.start)])
        reached = start.after(source[start.byte : tree.offsets.byte_at(one.end)])
        found.append((start, reached, start.after(encode(one.text))))
    return found
