"""Which modules a document imports, and which names from each."""

from typing import NamedTuple

from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax import queries
from copilot_lsp.syntax.tree import Match, SyntaxTree, search


class Import(NamedTuple):
    """One imported module as it is written, without quotes, and the names taken from it (none: the module itself)."""

    module: str
    names: tuple[str, ...]
    place: tuple[int, int, int, int]

    @property
    def span(self) -> Span:
        line, column, end_line, end_column = self.place
        return Span(Position(line, column), Position(end_line, end_column))


def imports(tree: SyntaxTree) -> tuple[Import, ...]:
    """The document's imports in reading order, down to the language's `outline_depth`."""
    query = queries.query(tree.language, "imports")
    return from_matches(tree, search(query, tree.root, depth=tree.language.outline_depth)) if query else ()


def from_matches(tree: SyntaxTree, matches: list[Match]) -> tuple[Import, ...]:
    """The imports among the matches of an outline query; matches for one module of one statement are joined."""
    found: dict[tuple[int, int], tuple[str, list[str], int]] = {}
    text = tree.offsets.text
    for _, captures in matches:
        statement = captures.get("import")
        modules = captures.get("module")
        if not statement or not modules:
            continue
        names = [text(node.start_byte, node.end_byte) for node in captures.get("name", ())]
        for module in modules:
            start, end = module.start_byte, module.end_byte
            entry = found.setdefault((statement[0].start_byte, start), (text(start, end), [], statement[0].end_byte))
            entry[1].extend(names)
    point = tree.offsets.point
    return tuple(
        Import(module.strip("\"'`<>"), tuple(names), (*point(start), *point(end)))
        for (start, _), (module, names, end) in found.items()
    )
