"""The definitions in a document: name, kind, place, container, signature and first words of documentation."""

import re
from functools import cache
from typing import NamedTuple

from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax import queries
from copilot_lsp.syntax.comments import summary
from copilot_lsp.syntax.language import Language
from copilot_lsp.syntax.tree import Match, SyntaxTree, search

# Invariant: every `@definition.KIND` in grammars/ names one of these; grammars/README.md says what each means.
KINDS = frozenset(
    {
        "module",
        "namespace",
        "class",
        "interface",
        "struct",
        "enum",
        "enum_member",
        "trait",
        "function",
        "method",
        "constructor",
        "property",
        "field",
        "variable",
        "constant",
        "type",
        "macro",
        "heading",
        "key",
        "selector",
        "table",
    }
)
TYPES = frozenset({"class", "interface", "struct", "enum", "trait"})
_SIGNATURE = 200
_HEAD = 4 * _SIGNATURE


class Symbol(NamedTuple):
    """One definition. `container` is the dotted path of the definitions around it, empty at the top.

    `place` is (start line, start column, end line, end column, name's line, column, end column): plain numbers,
    because an index stores millions of them; `span` and `name_span` are the same as spans. `signature` is one line;
    `doc` is the first paragraph of the documentation.
    """

    name: str
    kind: str
    container: str
    signature: str
    doc: str
    place: tuple[int, int, int, int, int, int, int]

    @property
    def span(self) -> Span:
        """The whole definition, decorators and body included."""
        line, column, end_line, end_column, *_ = self.place
        return Span(Position(line, column), Position(end_line, end_column))

    @property
    def name_span(self) -> Span:
        *_, line, column, end = self.place
        return Span(Position(line, column), Position(line, end))

    @property
    def path(self) -> str:
        """The name with its container, as in `Class.method`."""
        return f"{self.container}.{self.name}" if self.container else self.name


def symbols(tree: SyntaxTree) -> tuple[Symbol, ...]:
    """The definitions of the document in reading order, down to the language's `outline_depth`.

    What lies deeper is local to a function; `definitions_at` finds it. 5,000 lines take 5 ms.
    """
    query = queries.outline(tree.language).query
    return from_matches(tree, search(query, tree.root, depth=tree.language.outline_depth))


def definitions_at(tree: SyntaxTree, position: Position) -> tuple[Symbol, ...]:
    """The definitions around a position, the innermost first. Reads only the way down to it: 0.2 ms in 5,000 lines."""
    byte = tree.offsets.byte(position)
    found = from_matches(tree, search(queries.outline(tree.language).query, tree.root, around=byte))
    return tuple(symbol for symbol in reversed(found) if symbol.span.contains(position))


def from_matches(tree: SyntaxTree, matches: list[Match]) -> tuple[Symbol, ...]:
    """The symbols among the matches of an outline query. An indexer's hot path: 5 microseconds a symbol."""
    language, point, text = tree.language, tree.offsets.point, tree.offsets.text
    kinds = queries.outline(language).kinds
    around: list[tuple[int, str, str, str]] = []
    found: list[Symbol] = []
    last = -1
    for start, minus_end, name_start, name_end, index, body, owner in _rows(language, matches):
        if name_start == last:
            continue
        last = name_start
        while around and around[-1][0] < -minus_end:
            around.pop()
        _, container, parent_kind, parent = around[-1] if around else _NOWHERE
        if owner:
            container, parent_kind, parent = owner, "class", owner
        name = text(name_start, name_end)
        kind = _kind(language, kinds[index], name, parent_kind, parent)
        line, column = point(start)
        name_line, name_column = point(name_start) if name_start != start else (line, column)
        begin = start if line == name_line else tree.offsets.starts[name_line]
        stop = body if body > name_end else -minus_end
        signature = _signature(text(begin, min(stop, begin + _HEAD)), language.comment.line, whole=stop == body)
        if "\n" in name:
            name = " ".join(name.split())
        place = (line, column, *point(-minus_end), name_line, name_column, name_column + len(name))
        found.append(_symbol((name, kind, container, signature, summary(tree, line, body), place)))
        around.append((-minus_end, f"{container}.{name}" if container else name, kind, name))
    return tuple(found)


_NOWHERE = (0, "", "", "")
_symbol = Symbol._make


def _rows(language: Language, matches: list[Match]) -> list[tuple[int, int, int, int, int, int, str]]:
    """Each definition's start, minus its end, its name, pattern, body and owner.

    Sorting puts the outer of two before the inner, and for one definition the earlier pattern first.
    """
    kinds = queries.outline(language).kinds
    rows: list[tuple[int, int, int, int, int, int, str]] = []
    for index, captures in matches:
        kind = kinds[index]
        if not kind:
            continue
        node = captures["definition." + kind][0]
        name = captures["name"][0]
        body = captures["body"][0].start_byte if "body" in captures else -1
        owner = (captures["owner"][0].text or b"").decode("utf-8", "replace") if "owner" in captures else ""
        rows.append((node.start_byte, -node.end_byte, name.start_byte, name.end_byte, index, body, owner))
    rows.sort()
    return rows


def _kind(language: Language, kind: str, name: str, parent_kind: str, parent: str) -> str:
    """The kind as the surroundings and the name refine it: a function in a class is a method or constructor."""
    if kind == "variable" and (pattern := _constants(language)) and pattern.fullmatch(name):
        return "constant"
    if parent_kind in TYPES:
        kind = language.members.get(kind, kind)
        if kind == "method" and (name in language.constructors or (name == parent and "{}" in language.constructors)):
            return "constructor"
    return kind


@cache
def _constants(language: Language) -> re.Pattern[str] | None:
    return re.compile(language.constants) if language.constants else None


def _signature(head: str, comment: str, *, whole: bool) -> str:
    """What stands before a definition's body (else its first line), its white space folded, without comments."""
    head = head.rstrip()
    if "\n" in head:
        lines = head.split("\n") if whole else head.split("\n", 1)[:1]
        head = " ".join([line for line in lines if not (comment and line.lstrip().startswith(comment))])
    return " ".join(head.split())[:_SIGNATURE].rstrip(" {")
