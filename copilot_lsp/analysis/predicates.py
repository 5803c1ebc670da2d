"""The predicates that rule queries may use beyond those of tree-sitter itself.

`(#not-has-parent? @node kind ...)`  the node's parent is of none of these kinds.
`(#nearest? @node kind other ...)`   of these kinds, the first is the one found nearest around the node.
"""

from collections.abc import Mapping, Sequence

import tree_sitter

Captures = Mapping[str, Sequence[tree_sitter.Node]]

# Looking for a parent starts at the root each time, so a long way up costs its square.
_HIGHEST = 64


def holds(name: str, arguments: list[tuple[str, str]], _pattern: int, captures: Captures) -> bool:
    """Whether a predicate holds for a match. An unknown one never holds, so that a misspelt rule says nothing."""
    nodes = captures.get(arguments[0][0], ()) if arguments else ()
    kinds = [value for value, _ in arguments[1:]]
    if name == "not-has-parent?":
        return all(node.parent is None or node.parent.type not in kinds for node in nodes)
    if name == "nearest?":
        return all(_nearest(node, kinds) == kinds[0] for node in nodes)
    return False


def _nearest(node: tree_sitter.Node, kinds: Sequence[str]) -> str:
    around = node.parent
    for _ in range(_HIGHEST):
        if around is None:
            return ""
        if around.type in kinds:
            return around.type
        around = around.parent
    return ""
