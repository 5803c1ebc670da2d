"""Which type do the members in a document belong to?"""

import re
from functools import cached_property
from typing import NamedTuple

import tree_sitter

from copilot_lsp.syntax import queries
from copilot_lsp.syntax.offsets import encode
from copilot_lsp.syntax.symbols import TYPES
from copilot_lsp.syntax.tree import SyntaxTree, search
from copilot_lsp.syntax.uses import Use, places

_MEMBERS = frozenset({"method", "constructor", "property", "field", "constant", "enum_member", "function", "variable"})
# Where a member stands outside its type, as methods do in some languages, its own kind says that it is one.
_BESIDE = frozenset({"method", "field"})
_NAME = re.compile(r"[^\W\d][\w$]*")
# Two words or more: `read_line` and `readLine` are some project's own, `read` and `line` are everybody's.
_DISTINCT = re.compile(r"[^\W_]{2,}_+[^\W_]{2,}|[a-z0-9]{2,}[A-Z][a-z0-9]")
# What is said about a variable is looked for at so many of its places.
_SAID = 30


class Definition(NamedTuple):
    """A definition by its bytes, those of its name, and the type that it is written to belong to (empty: the one
    around it)."""

    start: int
    end: int
    name_start: int
    name_end: int
    kind: str
    owner: str


class Owners:
    """The types of one document, and what is known of the values that members are looked up in."""

    def __init__(self, tree: SyntaxTree) -> None:
        self.tree = tree

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """All definitions down to the language's outline depth, each once: 4 ms in 5,000 lines."""
        language = self.tree.language
        outline = queries.outline(language)
        found: dict[int, Definition] = {}
        for index, captures in search(outline.query, self.tree.root, depth=language.outline_depth):
            kind = outline.kinds[index]
            if kind:
                node, name = captures["definition." + kind][0], captures["name"][0]
                owner = self.tree.text_of(captures["owner"][0]) if "owner" in captures else ""
                one = Definition(node.start_byte, node.end_byte, name.start_byte, name.end_byte, kind, owner)
                known = found.get(one.name_start)
                if known is None or known.start > one.start:
                    found[one.name_start] = one
        return tuple(sorted(found.values()))

    @cached_property
    def types(self) -> tuple[Definition, ...]:
        return tuple(one for one in self.definitions if one.kind in TYPES)

    def named(self, name: str) -> tuple[Definition, ...]:
        """The definitions of exactly this name."""
        source, wanted = self.tree.offsets.source, encode(name)
        return tuple(one for one in self.definitions if source[one.name_start : one.name_end] == wanted)

    def owner_of(self, definition: Definition) -> str:
        """The name of the type that a definition is a member of, empty for one that is not."""
        if definition.owner:
            return definition.owner
        around = self._innermost(definition.start, definition.end, definition)
        if around is None or definition.kind not in _MEMBERS:
            return ""
        between = [
            one
            for one in self.definitions
            if around.start <= one.start <= definition.start and definition.end <= one.end <= around.end
        ]
        # What is defined in a method is the method's own and no member of the type.
        return self.name_of(around) if len(between) == 2 or definition.kind in _BESIDE else ""

    def declared(self, start: int) -> tuple[str, Definition] | None:
        """The type whose member is declared by the name at a byte, and that member."""
        found = self.at(start)
        owner = self.owner_of(found) if found else ""
        return (owner, found) if found and owner else None

    def constructs(self, definition: Definition) -> bool:
        """Whether a member is a constructor, which is called by its type's name."""
        names = self.tree.language.constructors
        own = self.name_of(definition)
        return definition.kind == "constructor" or own in names or ("{}" in names and own == self.owner_of(definition))

    def at(self, name_start: int) -> Definition | None:
        """The definition whose name begins at a byte."""
        return next((one for one in self.definitions if one.name_start == name_start), None)

    def at_top(self, name: str) -> bool:
        """Whether something of this name is defined outside all other definitions."""
        inner = [one for one in self.definitions if not one.owner]
        return any(
            not any(two.start <= one.start and one.end <= two.end and two is not one for two in inner)
            for one in self.named(name)
        )

    def around(self, byte: int) -> str:
        """The name of the innermost type around a byte."""
        found = self._innermost(byte, byte, None)
        return self.name_of(found) if found else ""

    def name_of(self, definition: Definition) -> str:
        return self.tree.offsets.text(definition.name_start, definition.name_end)

    def declare(self, member: str) -> frozenset[str]:
        """The types of this document that declare a member of this name."""
        return frozenset(filter(None, (self.owner_of(one) for one in self.named(member))))

    def extends(self, name: str, other: str) -> bool:
        """Whether a type of this document is another one or extends it, directly or through types defined here."""
        waiting, seen = [name], set[str]()
        while waiting:
            current = waiting.pop()
            if current == other:
                return True
            if current not in seen:
                seen.add(current)
                waiting += self._bases.get(current, ())
        return False

    def belongs(self, use: Use, owner: str) -> float:
        """How sure it is that a member's use is about a member of this type or of one that extends it; 0: it is not."""
        if use.role == "label":
            return 0.9 if use.of == owner else 0.0
        if use.owner in ("self", "super"):
            inside = self.around(use.start)
            # In the type itself the class above is asked for what it has of that name.
            above = use.owner == "super" and inside == owner
            return 0.97 if self.extends(inside, owner) and not above else 0.0
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
            for start, _ in places(self.tree, use.before, scope.start, scope.end)[:_SAID]:
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

    def _innermost(self, start: int, end: int, but: Definition | None) -> Definition | None:
        """The smallest type around a stretch of bytes."""
        return max(
            (one for one in self.types if one.start <= start and end <= one.end and one is not but), default=None
        )

    @cached_property
    def _bases(self) -> dict[str, frozenset[str]]:
        """The types that each type of the document extends."""
        query = queries.query(self.tree.language, "uses")
        return {self.name_of(one): self._above(query, one) for one in self.types} if query else {}

    def _above(self, query: tree_sitter.Query, definition: Definition) -> frozenset[str]:
        return frozenset(
            self.tree.text_of(node)
            for _, captures in search(query, self.tree.root, around=definition.name_start)
            if "derived" in captures and captures["derived"][0].start_byte == definition.name_start
            for node in captures["base"]
        )
