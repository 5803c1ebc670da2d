"""Which names can be used at a place without qualification."""

from collections.abc import Iterator
from typing import NamedTuple

import tree_sitter

from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax import queries
from copilot_lsp.syntax.tree import Match, SyntaxTree, search

# How deep below a large scope the statements that bind its names are looked for: deep enough for an import in a `try`
# in an `if`, and a tenth of the time that the whole of 5,000 lines would take. Smaller scopes are read to the bottom.
_DEPTH = 4
_SMALL = 20_000


class Name(NamedTuple):
    """A name that is bound in a scope around a place, and where it is bound."""

    name: str
    kind: str
    span: Span


class _Scope(NamedTuple):
    """Sorting puts the outer scope first. `members` are seen only directly inside, as those of a class body."""

    start: int
    minus_end: int
    members: bool


class _Binding(NamedTuple):
    start: int
    end: int
    kind: str
    outer: bool


def names_in_scope(tree: SyntaxTree, position: Position) -> tuple[Name, ...]:
    """The names of the innermost scope first, in each the nearest before the place first; a shadowed name once."""
    query = queries.query(tree.language, "scopes")
    if query is None:
        return ()
    place = tree.offsets.byte(position)
    scopes, bindings = _read(_matches(tree, query, place))
    found: dict[str, Name] = {}
    ordered = sorted(scopes)
    for one in _visible(ordered, _around(tree, ordered, position, place), bindings, place):
        name = tree.offsets.text(one.start, one.end)
        found.setdefault(name, Name(name, one.kind, tree.offsets.span(one.start, one.end)))
    return tuple(found.values())


def _matches(tree: SyntaxTree, query: tree_sitter.Query, place: int) -> list[Match]:
    """What the query finds in the scopes around a place: all of the largest small one, the top of the larger ones."""
    found = search(query, tree.root, around=max(0, _before(tree, place) - 1))
    around = {node.id: node for _, captures in found for name in captures if name in _SCOPES for node in captures[name]}
    around[tree.root.id] = tree.root
    for node in sorted(around.values(), key=_size, reverse=True):
        small = _size(node) <= _SMALL
        found += search(query, node, depth=0 if small else _DEPTH)
        if small:
            break
    return found


_SCOPES = ("scope", "scope.members")


def _size(node: tree_sitter.Node) -> int:
    return node.end_byte - node.start_byte


def _before(tree: SyntaxTree, place: int) -> int:
    """The end of what stands before a place: where a block ends whose last line is still empty."""
    return len(tree.offsets.source[:place].rstrip()) if tree.language.indented else place


def _around(tree: SyntaxTree, scopes: list[_Scope], position: Position, place: int) -> list[_Scope]:
    """The scopes around a place, the outermost first.

    Where indentation tells the end of a block, one that ended before the place still counts when the place's line is
    indented deeper than the line that begins it.
    """
    if not tree.language.indented:
        return [one for one in scopes if one.start <= place <= -one.minus_end]
    touched = _before(tree, place)
    line = tree.document.line(position.line)
    indent = min(position.column, len(line) - len(line.lstrip()))
    found: list[_Scope] = []
    for one in scopes:
        begin, column = tree.offsets.point(one.start)
        ended = -one.minus_end <= place and -one.minus_end < tree.root.end_byte
        if one.start <= touched <= -one.minus_end and (not ended or column < indent or begin == position.line):
            found.append(one)
    return found


def _read(matches: list[Match]) -> tuple[set[_Scope], set[_Binding]]:
    scopes: set[_Scope] = set()
    bindings: set[_Binding] = set()
    for _, captures in matches:
        for capture, nodes in captures.items():
            group, _, kind = capture.partition(".")
            for node in nodes:
                if group == "scope":
                    scopes.add(_Scope(node.start_byte, -node.end_byte, kind == "members"))
                elif group in ("local", "outer"):
                    bindings.add(_Binding(node.start_byte, node.end_byte, kind, group == "outer"))
    return scopes, bindings


def _visible(scopes: list[_Scope], chain: list[_Scope], bindings: set[_Binding], place: int) -> list[_Binding]:
    """The bindings of the scopes in a chain, those of the innermost first."""
    usable = {one: rank for rank, one in enumerate(reversed(chain)) if not (one.members and one is not chain[-1])}
    ranked: list[tuple[int, bool, int, _Binding]] = []
    for binding, home in _homes(scopes, sorted(bindings)):
        if home is None or home in usable:
            rank = usable[home] if home else len(chain)
            ranked.append((rank, binding.start > place, abs(place - binding.start), binding))
    ranked.sort()
    return [binding for *_, binding in ranked]


def _homes(scopes: list[_Scope], bindings: list[_Binding]) -> Iterator[tuple[_Binding, _Scope | None]]:
    """Each binding with the scope around it; for an outer one, as a function's own name, the scope around that."""
    stack: list[_Scope] = []
    following = iter([*scopes, None])
    scope = next(following)
    for binding in bindings:
        while scope is not None and scope.start <= binding.start:
            _leave(stack, scope.start)
            stack.append(scope)
            scope = next(following)
        _leave(stack, binding.start)
        level = 2 if binding.outer else 1
        yield binding, stack[-level] if len(stack) >= level else None


def _leave(stack: list[_Scope], byte: int) -> None:
    while stack and -stack[-1].minus_end <= byte:
        stack.pop()
