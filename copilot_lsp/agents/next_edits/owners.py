"""Which type do the members in a document belong to?"""

import re
from functools import cached_property
from typing import NamedTuple

import tree_sitter

from copilot_lsp.core.text import Position
from copilot_lsp.syntax import queries
from copilot_lsp.syntax.symbols import TYPES, Symbol, symbols
from copilot_lsp.syntax.tree import SyntaxTree, search
from copilot_lsp.syntax.uses import Use, places

_MEMBERS = frozenset({"method", "constructor", "property", "field", "constant", "enum_member", "function", "variable"})
_NAME = re.compile(r"[^\W\d][\w$]*")
# Two words or more: `read_line` and `readLine` are some project's own, `read` and `line` are everybody's.
_DISTINCT = re.compile(r"[^\W_]{2,}_+[^\W_]{2,}|[a-z0-9]{2,}[A-Z][a-z0-9]")


class Type(NamedTuple):
    """A type that the document defines, and the names of those that it extends."""

    symbol: Symbol
    bases: frozenset[str]


class Owners:
    """The types of one document, and what is known of the values that members are looked up in."""

    def __init__(self, tree: SyntaxTree) -> None:
        self.tree = tree

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        return symbols(self.tree)

    @cached_property
    def types(self) -> tuple[Type, ...]:
        return tuple(Type(one, self._bases(one)) for one in self.symbols if one.kind in TYPES)

    def declared(self, position: Position) -> tuple[str, Symbol] | None:
        """The type whose member is declared by the name at a position, and that member."""
        symbol = next((one for one in self.symbols if one.name_span.start == position), None)
        if symbol is None or symbol.kind not in _MEMBERS or not symbol.container:
            return None
        owner = symbol.container.rpartition(".")[2]
        inside = any(one.symbol.name == owner for one in self.types) or symbol.kind in ("method", "field")
        return (owner, symbol) if inside else None

    def around(self, position: Position) -> str:
        """The name of the innermost type around a position, for methods that stand beside it the one they belong to."""
        inner = [one for one in self.symbols if one.span.contains(position)]
        for symbol in reversed(inner):
            if symbol.kind in TYPES:
                return symbol.name
            if symbol.kind in ("method", "constructor") and symbol.container:
                return symbol.container.rpartition(".")[2]
        return ""

    def extends(self, name: str, other: str) -> bool:
        """Whether a type of this document is another one or extends it, directly or through types defined here."""
        known = {one.symbol.name: one.bases for one in self.types}
        waiting, seen = [name], set[str]()
        while waiting:
            current = waiting.pop()
            if current == other:
                return True
            if current not in seen:
                seen.add(current)
                waiting += known.get(current, ())
        return False

    def declare(self, member: str) -> frozenset[str]:
        """The types of this document that declare a member of this name."""
        return frozenset(
            one.container.rpartition(".")[2] for one in self.symbols if one.name == member and one.container
        )

    def belongs(self, use: Use, owner: str) -> float:
        """How sure it is that a member's use is about a member of this type or of one that extends it; 0: it is not."""
        if use.role == "label":
            return 0.9 if use.of == owner else 0.0
        if use.owner in ("self", "super"):
            inside = self.around(self.tree.offsets.position(use.start))
            return 0.97 if self.extends(inside, owner) else 0.0
        if not use.before or not _NAME.fullmatch(use.before):
            return self._guess(use, owner)
        if use.before == owner or self.extends(use.before, owner):
            return 0.95
        known = self._class_of(use)
        if known:
            return 0.92 if self.extends(known, owner) else 0.0
        return self._guess(use, owner)

    def _guess(self, use: Use, owner: str) -> float:
        """Where nothing tells the type: a name of several words that only this type declares is likely to be its."""
        name = self.tree.text_of(use.node)
        return 0.6 if _DISTINCT.search(name) and self.declare(name) <= {owner} else 0.0

    def _class_of(self, use: Use) -> str:
        """The class of the variable before a member, where all that is said about it in its function agrees."""
        query = queries.query(self.tree.language, "uses")
        if query is None:
            return ""
        for scope in use.scopes:
            said: set[str] = set()
            for start, _ in places(self.tree, use.before, scope.start, scope.end)[:50]:
                said |= self._said(query, start)
            if said:
                return said.pop() if len(said) == 1 else ""
        return ""

    def _said(self, query: tree_sitter.Query, start: int) -> set[str]:
        found: set[str] = set()
        for _, captures in search(query, self.tree.root, around=start):
            if "instance" in captures and captures["instance"][0].start_byte == start:
                found.add(self.tree.text_of(captures["class"][0]))
        return found

    def _bases(self, symbol: Symbol) -> frozenset[str]:
        query = queries.query(self.tree.language, "uses")
        if query is None:
            return frozenset()
        start = self.tree.offsets.byte(symbol.name_span.start)
        return frozenset(
            self.tree.text_of(node)
            for _, captures in search(query, self.tree.root, around=start)
            if "derived" in captures and captures["derived"][0].start_byte == start
            for node in captures["base"]
        )
