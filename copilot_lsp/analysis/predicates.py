"""The predicates that rule queries may use beyond those of tree-sitter itself.

`(#not-has-parent? @node kind ...)`  the node's parent is of none of these kinds.
`(#parents? @node kind ...)`         its parent is of the first kind, that one's parent of the second, and so on.
`(#nearest? @node kind other ...)`   of these kinds, the first is the one found nearest around the node.
"""

from collections.abc import Sequence
from typing import Literal

import tree_sitter

# Looking for a parent starts at the root each time, so a long way up costs its square.
_HIGHEST = 64


def holds(
    predicate: str,
    args: list[tuple[str, Literal["capture", "string"]]],
    pattern_index: int,
    captures: dict[str, list[tree_sitter.Node]],
) -> bool:
    """Whether a predicate holds for a match. An unknown one never does, so that a misspelt rule says nothing.

    The names of the arguments are the binding's.
    """
    nodes = captures.get(args[0][0], []) if args else []
    kinds = [value for value, _ in args[1:]]
    if predicate == "not-has-parent?":
        return all(node.parent is None or node.parent.type not in kinds for node in nodes)
    if predicate == "parents?":
        return all(_parents(node, len(kinds)) == kinds for node in nodes)
    if predicate == "nearest?":
        return all(_nearest(node, kinds) == kinds[0] for node in nodes)
    return False


def _parents(node: tree_sitter.Node, count: int) -> list[str]:
    found: list[str] = []
    around = node.parent
    while around is not None and len(found) < count:
        found.append(around.type)
        around = around.parent
    return found


def _nearest(node: tree_sitter.Node, kinds: Sequence[str]) -> str:
    around = node.parent
    for _ in range(_HIGHEST):
        if around is None:
            return ""
        if around.type in kinds:
            return around.type
        around = around.parent
    return ""
