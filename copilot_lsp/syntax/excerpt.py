"""Which lines of a document tell whether a text fits into one place of it?"""

from collections.abc import Iterator, Sequence

import tree_sitter

from copilot_lsp.core.document import Document, document
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax.live import common
from copilot_lsp.syntax.offsets import encode
from copilot_lsp.syntax.tree import DEEPEST, SyntaxTree

# So many lines above and below the place are kept whatever they are: what a text ends or goes on is most often there.
_AROUND = 10
# What leaves out fewer characters than this is not worth a cut; a single line may hold a table of 70,000.
_FEWEST = 150
# What begins a node, or goes on after what is kept of it, has no more parts than these.
_HEAD = 20
_SEPARATORS = (",", ";")

# A run of lines: the first, and the one behind the last.
Run = tuple[int, int]


def excerpt(tree: SyntaxTree, of: Document, span: Span) -> tuple[Document, Span]:
    """A document's lines around a span, with what they are in, but without what else is in that; and the span there.

    Of a class of fifty methods the lines of one of them are left, and those that begin and end the class: it parses
    like the whole, forty lines in place of thousands. The tree may be that of another version. Around errors nothing is
    left out, because what is a part of what is not certain there; what is whole at the top level is, errors or not.
    """
    pieces: list[str] = []
    at = above = 0
    for first, behind in _left_out(tree, of, span):
        pieces.append(of.text[at : of.starts[first]])
        at = _start(of, behind)
        above += behind - first if behind <= span.start.line else 0
    if not pieces:
        return of, span
    pieces.append(of.text[at:])
    start, end = (Position(place.line - above, place.column) for place in (span.start, span.end))
    return document(of.uri, "".join(pieces), of.language, of.version), Span(start, end)


def ends_at(of: Document, place: Position) -> bool:
    """Whether nothing but brackets and blanks stands in the lines below a place."""
    return not any(map(str.isalnum, of.text[of.starts[place.line] + len(of.line(place.line)) :]))


def _left_out(tree: SyntaxTree, of: Document, span: Span) -> Iterator[Run]:
    """The runs of lines that say nothing about the place, in reading order."""
    old, new = tree.offsets.source, encode(of.text)
    same, same_end = len(old), len(old)
    if old != new:
        same = common(old, new, 0)
        same_end = common(old, new, same, backwards=True)
    # In bytes of the tree's text: what surrounds the place, and all that was changed.
    first, behind = max(0, span.start.line - _AROUND), span.end.line + _AROUND + 1
    begin = len(encode(of.text[: of.starts[first]]))
    end = begin + len(encode(of.text[of.starts[first] : _start(of, behind)])) + len(old) - len(new)
    above = _above(tree, min(begin, same), unfinished=ends_at(of, span.end))
    below = reversed(list(_below(tree, max(end, len(old) - same_end))))
    moved = of.line_count - tree.document.line_count
    runs = [*above, *((first + moved, behind + moved) for first, behind in below)]
    return (run for run in runs if _start(of, run[1]) - of.starts[run[0]] >= _FEWEST)


def _start(of: Document, line: int) -> int:
    """Where a line begins; the end of the text for the one behind the last."""
    return of.starts[line] if line < of.line_count else len(of.text)


def _above(tree: SyntaxTree, byte: int, *, unfinished: bool) -> Iterator[Run]:
    """Runs of the tree's lines that end before a byte, from the root inwards."""
    for node, index in _towards(tree, byte):
        many = _is_one_of_many(tree, node, index)
        if _child(node, index).is_named and not many:
            continue
        # Between two brackets something has to be left.
        stop = index if many else _last_named(node, index)
        first = 0
        while first < min(stop, _HEAD) and (_is_head(node, first) or not _is_one_of_many(tree, node, first)):
            first += 1
        # In a file that is written from top to bottom all that is not closed yet is an error around what is complete.
        for run in _sound(node, first, stop) if unfinished or not node.is_error else ():
            begun = _begun(tree, _child(node, run[0]).start_byte)
            behind = _begun(tree, min(_child(node, run[1]).start_byte, byte))
            if begun is not None and behind is not None:
                yield begun, behind


def _below(tree: SyntaxTree, byte: int) -> Iterator[Run]:
    """Runs of the tree's lines that begin behind a byte, from the root inwards, which is from the last to the first."""
    for node, index in _towards(tree, byte):
        many = _is_one_of_many(tree, node, index)
        if node.is_error or (_child(node, index).is_named and not many):
            continue
        first = index + (_child(node, index).start_byte < byte)
        last = node.child_count - 1
        stop = min(last, first + _HEAD)
        while first <= stop and not _is_one_of_many(tree, node, first):
            first += 1
        while last > first and not _is_one_of_many(tree, node, last):
            last -= 1
        if first > stop:
            continue
        for run in reversed(list(_sound(node, first + (not many), last + 1))):
            begun = _begun(tree, _child(node, run[0]).start_byte)
            if begun is not None:
                yield begun, _ended(tree, node, run[1] - 1)


def _towards(tree: SyntaxTree, byte: int) -> Iterator[tuple[tree_sitter.Node, int]]:
    """The nodes that begin before a byte and end behind it, and which child is the first that does not end before."""
    node = tree.root
    for _ in range(DEEPEST):
        index = _first_behind(node, byte)
        if index == node.child_count:
            return
        yield node, index
        node = _child(node, index)
        if node.start_byte >= byte:
            return


def _first_behind(node: tree_sitter.Node, byte: int) -> int:
    """The first child that ends behind a byte. A cursor finds it too, but misses some that begin with blanks."""
    low, high = 0, node.child_count
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _child(node, middle).end_byte > byte else (middle + 1, high)
    return low


def _sound(node: tree_sitter.Node, first: int, behind: int) -> Iterator[Run]:
    """The runs of some children that have no errors that may reach beyond them."""
    at = first
    children = node.children if node.has_error else []
    for number in range(first, behind) if children else ():
        if children[number].has_error and not (node.parent is None and _is_whole(children, number)):
            if at < number:
                yield at, number
            at = number + 1
    if at < behind:
        yield at, behind


def _is_whole(children: Sequence[tree_sitter.Node], index: int) -> bool:
    """Whether where a definition with errors begins and ends is certain, which it is among others that are whole."""
    last = children[index]
    if last.start_point[1] or any(one.is_error for one in children[max(0, index - 1) : index + 2]):
        return False
    while last.child_count and not last.is_error:
        last = _child(last, last.child_count - 1)
    return not last.is_error and not last.is_missing


def _is_one_of_many(tree: SyntaxTree, node: tree_sitter.Node, index: int) -> bool:
    """Whether a child is one of many: what is there once is a token, or its part has a name."""
    child = _child(node, index)
    return child.is_named and node.field_name_for_child(index) is None and _begun(tree, child.start_byte) is not None


def _is_head(node: tree_sitter.Node, index: int) -> bool:
    """Whether a child begins in its parent's first line: then it begins its parent."""
    return node.parent is not None and _child(node, index).start_point[0] == node.start_point[0]


def _last_named(node: tree_sitter.Node, behind: int) -> int:
    """The last named child before one, the first child where none is."""
    return next((index for index in range(behind - 1, 0, -1) if _child(node, index).is_named), 0)


def _begun(tree: SyntaxTree, byte: int) -> int | None:
    """The line that begins with what is at a byte; None where something stands before it."""
    line, column = tree.offsets.point(byte)
    return None if tree.document.line(line)[:column].strip() else line


def _ended(tree: SyntaxTree, node: tree_sitter.Node, index: int) -> int:
    """The line behind a child, or that of its beginning where its last line holds what is not its own."""
    child = _child(node, index)
    end = child.end_byte
    if index + 1 < node.child_count:
        following = _child(node, index + 1)
        if following.type in _SEPARATORS and following.start_point[0] == child.end_point[0]:
            end = following.end_byte
    line, column = tree.offsets.point(end)
    if tree.document.line(line)[column:].strip():
        return tree.offsets.point(child.start_byte)[0]
    return line + 1 if column else line


def _child(node: tree_sitter.Node, index: int) -> tree_sitter.Node:
    child = node.child(index)
    assert child is not None
    return child
