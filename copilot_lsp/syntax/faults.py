"""Which syntax errors does a tree have, and which of them are its grammar's?"""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

import tree_sitter

# Errors beyond this many are no longer told apart; each costs a microsecond to find.
_MOST = 2_000
# What so many definitions have is no fault of theirs: their grammar is older than what they use. The first errors of a
# file tell.
_COMMON, _SEEN = 3, 150

# Of an error: whether something is missing, what, in what, and what is there instead.
Shape = tuple[bool, str, str, tuple[str, ...]]


def count_errors(root: tree_sitter.Node) -> int:
    """The error and missing nodes of a tree, those within others too, as far as they are worth counting."""
    return sum(1 for _ in errors_of(root))


def errors_of(root: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """Those, the outer before what is in them."""
    visited = 0
    waiting = [root] if root.has_error else []
    while waiting and visited < _MOST:
        node = waiting.pop()
        visited += 1
        inner = [child for child in node.children if child.has_error]
        # A token that is missing within a name is no child of it.
        if node.is_error or node.is_missing or not inner:
            yield node
        waiting.extend(inner)


def common(root: tree_sitter.Node) -> frozenset[Shape]:
    """The errors that several definitions at the top level of a document have."""
    faulty = (child for child in root.children if child.has_error and not child.is_error)
    found = ((child.id, shape(one)) for child in faulty for one in errors_of(child))
    counts = Counter(kind for _, kind in set(islice(found, _SEEN)))
    return frozenset(kind for kind, count in counts.items() if count >= _COMMON)


def shape(error: tree_sitter.Node) -> Shape:
    """What tells one kind of error from another."""
    parent = error.parent
    return error.is_missing, error.type, parent.type if parent else "", tuple(one.type for one in error.children)
