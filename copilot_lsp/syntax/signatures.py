"""What can be given to a definition, and what is given to it in a call?"""

from bisect import bisect_right
from typing import NamedTuple

import tree_sitter

from copilot_lsp.syntax import queries
from copilot_lsp.syntax.tree import SyntaxTree, search


class Parameter(NamedTuple):
    """One parameter, bytes `start` to `end` of the list. `text` is all of it as written, `default` its value if it has
    one; `optional`: a call may leave it out; `named`: a call gives it by its name only."""

    name: str
    start: int
    end: int
    text: str
    optional: bool = False
    default: str = ""
    named: bool = False


class Signature(NamedTuple):
    """The parameters of a definition, those that a call does not give (the object itself) left out.

    `name` is the definition's, at byte `place`; `start` and `end` are what lies between the list's brackets. The body
    begins at byte `body`, -1 without one.
    """

    name: str
    place: int
    start: int
    end: int
    parameters: tuple[Parameter, ...]
    body: int = -1


class Argument(NamedTuple):
    """One argument of a call; `label` is the name that it is given by. `spread`: it stands for several."""

    start: int
    end: int
    text: str
    label: str = ""
    spread: bool = False


def signature_at(tree: SyntaxTree, byte: int) -> Signature | None:
    """The signature of the innermost definition whose list of parameters holds a byte."""
    return _signature(tree, byte, "parameters")


def signature_of(tree: SyntaxTree, place: int) -> Signature | None:
    """The signature of the definition whose name begins at a byte."""
    return _signature(tree, place, "name")


def arguments(tree: SyntaxTree, listed: tree_sitter.Node) -> tuple[Argument, ...]:
    """The arguments of a call in the order in which they are written."""
    query = queries.query(tree.language, "uses")
    labels: dict[int, str] = {}
    spread: set[int] = set()
    if query is not None:
        for _, captures in search(query, listed, depth=1):
            spread.update(node.start_byte for node in captures.get("spread", ()))
            labels.update((node.start_byte, tree.text_of(node)) for node in captures.get("label", ()))
    found: list[Argument] = []
    for node in listed.named_children:
        if "comment" in node.type:
            continue
        label = labels.get(node.start_byte, "") if node.child_count else ""
        found.append(Argument(node.start_byte, node.end_byte, tree.text_of(node), label, node.start_byte in spread))
    return tuple(found)


def _signature(tree: SyntaxTree, byte: int, which: str) -> Signature | None:
    query = queries.query(tree.language, "docs")
    if query is None:
        return None
    found: dict[tuple[int, int], tree_sitter.Node] = {}
    bodies: dict[int, int] = {}
    for _, captures in search(query, tree.root, around=byte):
        if "documented" not in captures or "parameters" not in captures:
            continue
        name, listed = captures["name"][0], captures["parameters"][0]
        held = name.start_byte == byte if which == "name" else listed.start_byte < byte < listed.end_byte
        if held:
            found[listed.start_byte, name.start_byte] = name
            if "body" in captures:
                bodies[name.start_byte] = captures["body"][0].start_byte
    if not found:
        return None
    start, place = max(found)
    listed = tree.root.descendant_for_byte_range(start, start + 1)
    while listed is not None and not (listed.start_byte == start and listed.child_count):
        listed = listed.parent
    return _read(tree, query, found[start, place], listed, bodies.get(place, -1)) if listed else None


def _read(
    tree: SyntaxTree, query: tree_sitter.Query, name: tree_sitter.Node, listed: tree_sitter.Node, body: int
) -> Signature:
    said = _said(tree, listed)
    parameters: dict[int, Parameter] = {}
    children = [node for node in listed.named_children if "comment" not in node.type]
    begins = [node.start_byte for node in children]
    for _, captures in search(query, listed, depth=1):
        for node in captures.get("parameter", ()):
            text = tree.text_of(node)
            # What captures the name may lie deeper: `whole` is all that stands between two commas.
            whole = children[max(0, bisect_right(begins, node.start_byte) - 1)]
            if text not in tree.language.doc.omit:
                parameters.setdefault(node.start_byte, said.parameter(text, whole, tree.text_of(whole)))
    ordered = tuple(parameters[byte] for byte in sorted(parameters))
    return Signature(tree.text_of(name), name.start_byte, listed.start_byte + 1, listed.end_byte - 1, ordered, body)


class _Said(NamedTuple):
    """What uses.scm says of the parameters of a list: where those begin that may be left out, the values of those that
    have one, and from where on they are given by name."""

    optional: set[int]
    defaults: dict[int, str]
    named: int

    def parameter(self, name: str, whole: tree_sitter.Node, text: str) -> Parameter:
        start, end = whole.start_byte, whole.end_byte
        return Parameter(
            name, start, end, text, start in self.optional, self.defaults.get(start, ""), start > self.named
        )


def _said(tree: SyntaxTree, listed: tree_sitter.Node) -> _Said:
    query = queries.query(tree.language, "uses")
    said = _Said(set(), {}, listed.end_byte)
    for _, captures in search(query, listed, depth=1) if query is not None else ():
        for node in captures.get("optional", ()):
            said.optional.add(node.start_byte)
            if "default" in captures:
                said.defaults[node.start_byte] = tree.text_of(captures["default"][0])
        for node in captures.get("named", ()):
            said = said._replace(named=min(said.named, node.start_byte))
    return said
