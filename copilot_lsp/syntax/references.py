"""Where names are used in a document: calls, types and other uses that its grammar tells apart."""

from typing import NamedTuple

from copilot_lsp.core.text import Position
from copilot_lsp.syntax.tree import SyntaxTree


class Reference(NamedTuple):
    """A use of a name. `kind` is what references.scm calls it: call, type, name."""

    name: str
    kind: str
    position: Position


def references(tree: SyntaxTree) -> tuple[Reference, ...]:
    """The uses in reading order, each place once."""
    found: dict[int, Reference] = {}
    for _, captures in tree.matches("references"):
        kind = next((name.removeprefix("reference.") for name in captures if name.startswith("reference.")), None)
        if kind is None:
            continue
        for node in captures["name"]:
            found.setdefault(
                node.start_byte, Reference(tree.text_of(node), kind, tree.offsets.position(node.start_byte))
            )
    return tuple(found[byte] for byte in sorted(found))
