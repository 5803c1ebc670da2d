"""Which tests a document holds."""

from typing import NamedTuple

from copilot_lsp.core.text import Span
from copilot_lsp.syntax.symbols import symbols
from copilot_lsp.syntax.tree import SyntaxTree


class Test(NamedTuple):
    """One test. `container` is the dotted path of what is around it, `span` the whole test."""

    name: str
    container: str
    span: Span
    name_span: Span


def tests(tree: SyntaxTree) -> tuple[Test, ...]:
    """The tests that tests.scm finds, in reading order; a test that is a definition knows its container."""
    containers = {symbol.place[4:6]: symbol.container for symbol in symbols(tree)}
    found: dict[int, Test] = {}
    for _, captures in tree.matches("tests"):
        for node, name in zip(captures.get("test", ()), captures.get("name", ()), strict=False):
            place = tree.offsets.point(name.start_byte)
            text = tree.text_of(name).strip("\"'`")
            test = Test(text, containers.get(place, ""), tree.span_of(node), tree.span_of(name))
            found.setdefault(name.start_byte, test)
    return tuple(found[byte] for byte in sorted(found))
