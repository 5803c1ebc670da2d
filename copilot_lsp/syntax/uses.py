"""Where does a name stand in a document, and how is it used at each place?"""

import re
from typing import Literal, NamedTuple

import tree_sitter

from copilot_lsp.syntax import queries
from copilot_lsp.syntax.offsets import encode
from copilot_lsp.syntax.tree import SyntaxTree, search

# What uses.scm tells apart: looked up in the scopes; in what stands before it; in what is called or made; both the
# name of a member and of a variable; one that a scope takes from an outer one.
Role = Literal["name", "member", "label", "shorthand", "outward"]
# Before whom a member stands: the object itself, the class above, anything else.
Owner = Literal["", "self", "super", "receiver"]
_ROLES: dict[str, Role] = {"member": "member", "label": "label", "shorthand": "shorthand", "outward": "outward"}
_OWNERS: tuple[Owner, ...] = ("self", "super", "receiver")
# Bytes of names; those of characters beyond ASCII are taken for letters.
_WORD = re.compile(rb"[\w$\x80-\xff]")
_INERT = ("string", "comment", "text", "heredoc", "regex")


class Scope(NamedTuple):
    """A stretch of bytes in which names are bound. `members` are seen only directly inside, as those of a class."""

    start: int
    end: int
    members: bool


class Use(NamedTuple):
    """One place of a name: bytes `start` to `end`, and the scopes around it, the innermost first.

    `binds` is the kind of name that it binds, empty for a mere use, and `home` the scope that it is bound in. `before`
    is the text that a member is looked up in and `owner` says what kind of thing that is. `of` is the name of what a
    label belongs to. `arguments` is the list of a call whose callee this is.
    """

    start: int
    end: int
    node: tree_sitter.Node
    scopes: tuple[Scope, ...] = ()
    binds: str = ""
    home: Scope | None = None
    role: Role = "name"
    owner: Owner = ""
    before: str = ""
    of: str = ""
    arguments: tree_sitter.Node | None = None


def places(tree: SyntaxTree, name: str, start: int = 0, end: int = 1 << 62) -> list[tuple[int, int]]:
    """Where a word stands between two bytes, whatever it is there."""
    source, word = tree.offsets.source, encode(name)
    end = min(end, len(source))
    found: list[tuple[int, int]] = []
    # A search with a pattern that looks at the neighbours takes 100 times as long.
    low = source.find(word, start, end) if word else -1
    while low >= 0:
        high = low + len(word)
        if not (_WORD.match(source, low - 1) if low else None) and not _WORD.match(source, high):
            found.append((low, high))
        low = source.find(word, high, end)
    return found


def use_at(tree: SyntaxTree, start: int, end: int) -> Use | None:
    """How the name between two bytes is used, None when no name stands exactly there. 30 microseconds."""
    node = tree.root.descendant_for_byte_range(start, end)
    if node is None or (node.start_byte, node.end_byte) != (start, end) or not is_name(node):
        return None
    query = queries.usage(tree.language)
    if query is None:
        return Use(start, end, node)
    found = _Reader(tree, start, end)
    for _, captures in search(query, tree.root, around=start):
        found.read(captures)
    return found.use(node)


def is_name(node: tree_sitter.Node) -> bool:
    """Whether a node is a name and not a keyword, nor a piece of a string or a comment."""
    return node.is_named and not node.child_count and not any(word in node.type for word in _INERT)


class _Reader:
    """Collects what the matches around one name say about it."""

    def __init__(self, tree: SyntaxTree, start: int, end: int) -> None:
        self._tree, self._start, self._end = tree, start, end
        self._scopes: set[Scope] = set()
        self._binds = self._of = self._before = ""
        self._outer = False
        self._role: Role = "name"
        self._owner: Owner = ""
        self._arguments: tree_sitter.Node | None = None

    def read(self, captures: dict[str, list[tree_sitter.Node]]) -> None:
        for capture, nodes in captures.items():
            if capture in ("scope", "scope.members"):
                self._scopes.update(Scope(one.start_byte, one.end_byte, capture != "scope") for one in nodes)
            elif any(one.start_byte == self._start and one.end_byte == self._end for one in nodes):
                self._is(capture, captures)

    def _is(self, capture: str, captures: dict[str, list[tree_sitter.Node]]) -> None:
        """The name itself is what this capture calls it."""
        group, _, kind = capture.partition(".")
        if group in ("local", "outer"):
            self._binds, self._outer = kind, group == "outer"
        elif capture in _ROLES:
            self._role = _ROLES[capture]
            if "of" in captures:
                self._of = self._tree.text_of(captures["of"][0])
            for owner in _OWNERS:
                if owner in captures and (not self._owner or owner != "receiver"):
                    self._owner, self._before = owner, self._tree.text_of(captures[owner][0])
        elif capture == "callee":
            self._arguments = captures["arguments"][0]

    def use(self, node: tree_sitter.Node) -> Use:
        around = [one for one in self._scopes if one.start <= self._start < one.end]
        scopes = tuple(sorted(around, key=lambda one: (one.end - one.start, -one.start)))
        home = scopes[self._outer] if self._binds and len(scopes) > self._outer else None
        # The last part of an imported path is looked up in that path, and it is the name from here on.
        role = "name" if home and self._role == "member" else self._role
        return Use(
            self._start,
            self._end,
            node,
            scopes,
            self._binds if home else "",
            home,
            role,
            self._owner,
            self._before,
            self._of,
            self._arguments,
        )
