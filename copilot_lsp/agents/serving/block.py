"""Has a model written all of the block that it was asked for?"""

import re
from collections.abc import Iterator

import tree_sitter

from copilot_lsp.core.document import Document, document
from copilot_lsp.core.errors import DeadlineExceeded, UnknownLanguage
from copilot_lsp.syntax.tree import SyntaxTree, parse

# As much of the text above the cursor as is parsed again for every line that the model writes.
_LINES = 120
_CHARACTERS = 6_000
_SECONDS = 0.02
_LAST_WORD = re.compile(r"\w+$")


def finished(subject: Document, offset: int, text: str) -> str | None:
    """The part of `text`, written at an offset, that belongs to the block there; None while that may go on.

    A statement that stands on the cursor's line already ends with itself, else the block around the cursor does.
    """
    # The last word may be the beginning of another one.
    written = _LAST_WORD.sub("", text).rstrip()
    if "\n" not in text or not written:
        return None
    above = _above(subject, offset)
    try:
        tree = parse(document("", above + written, subject.language), seconds=_SECONDS)
    except (UnknownLanguage, DeadlineExceeded):
        return None
    end = _end(tree, len(above))
    return None if end is None else tree.offsets.text(tree.offsets.byte(tree.document.position(len(above))), end)


def _above(subject: Document, offset: int) -> str:
    """The text before the cursor from the last line that begins at the margin, or as much of it as is parsed."""
    place = subject.position(offset)
    first = max(0, place.line - _LINES)
    for number in range(place.line - 1, first, -1):
        if subject.line(number)[:1].strip(" \t)]}"):
            first = number
            break
    return subject.text[max(subject.starts[first], offset - _CHARACTERS) : offset]


def _end(tree: SyntaxTree, cursor: int) -> int | None:
    """The byte at which the block ends that holds the offset `cursor`; None when it goes on to the end of the text."""
    place = tree.document.position(cursor)
    line = tree.document.line(place.line)[: place.column]
    base = len(line) - len(line.lstrip())
    begun = bool(line.strip())
    start = tree.offsets.byte(place)
    begin = start - len(line[base:].encode("utf-8", "replace"))
    opening = {pair[0] for pair in tree.language.brackets}
    closing = {pair[1:] for pair in tree.language.brackets}
    # Brackets that the cursor's line has open; one more that closes belongs to what is around it.
    depth = own = 0
    row, last, kind = place.line, start, ""
    for leaf in _leaves(tree.root, begin):
        change = (leaf.type in opening) - (leaf.type in closing)
        if leaf.start_byte < start:
            own += change
            continue
        if depth + own + change < 0:
            return last
        if leaf.start_point.row > row and depth <= 0 and not change and _begins(leaf):
            column = tree.offsets.position(leaf.start_byte).column
            if column < base or (begun and column == base and not _goes_on(leaf, begin)):
                return last
        depth += change
        row, last, kind = leaf.end_point.row, leaf.end_byte, leaf.type
    # The bracket that the cursor's line opened is closed on a line of its own: nothing is left to be said.
    return last if own > 0 and depth + own == 0 and kind in closing and row > place.line else None


def _leaves(root: tree_sitter.Node, start: int) -> Iterator[tree_sitter.Node]:
    """The tokens from a byte on, in reading order."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.end_byte <= start:
            continue
        if node.child_count:
            waiting.extend(reversed(node.children))
        elif node.end_byte > node.start_byte:
            yield node


def _begins(leaf: tree_sitter.Node) -> bool:
    """Whether a token is the first of something, and not the end of a string or comment that began further up."""
    parent = leaf.parent
    return parent is None or parent.is_error or parent.parent is None or parent.start_byte == leaf.start_byte


def _goes_on(leaf: tree_sitter.Node, begin: int) -> bool:
    """Whether a token continues the statement that begins at a byte, as `else` does: both are parts of one construct
    that a keyword begins."""
    node = leaf
    while node.parent is not None and node.parent.start_byte == leaf.start_byte:
        node = node.parent
    around = node.parent
    first = around.child(0) if around is not None and around.start_byte >= begin else None
    return first is not None and first.child_count == 0
