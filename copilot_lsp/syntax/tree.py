"""A document together with its tree, and the ways to find a node in it."""

from collections.abc import Collection, Iterator

import tree_sitter

from copilot_lsp.core.document import Document
from copilot_lsp.core.errors import DeadlineExceeded
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax import languages, queries
from copilot_lsp.syntax.language import Language
from copilot_lsp.syntax.limits import survives
from copilot_lsp.syntax.offsets import Offsets
from copilot_lsp.syntax.slices import parse_whole

Match = tuple[int, dict[str, list[tree_sitter.Node]]]

# Invariant: no walk to the root or through children goes deeper than this; 100,000 nested brackets are a valid text.
DEEPEST = 1_000
_HEAP = 5_000


class SyntaxTree:
    """One version of a document and the tree of exactly that text. Nothing in it changes once it is made."""

    __slots__ = ("document", "language", "offsets", "tree")

    def __init__(self, document: Document, language: Language, tree: tree_sitter.Tree, offsets: Offsets) -> None:
        self.document = document
        self.language = language
        self.tree = tree
        self.offsets = offsets

    @property
    def root(self) -> tree_sitter.Node:
        return self.tree.root_node

    def span_of(self, node: tree_sitter.Node) -> Span:
        return self.offsets.span(node.start_byte, node.end_byte)

    def text_of(self, node: tree_sitter.Node) -> str:
        return self.offsets.text(node.start_byte, node.end_byte)

    def node_at(self, position: Position) -> tree_sitter.Node:
        """The smallest node at a position: the word that it touches, else what stands before it, else after it."""
        return self.ancestors(position)[0]

    def ancestors(self, position: Position) -> tuple[tree_sitter.Node, ...]:
        """The nodes around a position, the smallest first, the root last."""
        byte = self._touched(position)
        # A cursor misses children that begin with blanks when it is asked for a byte in those, which are not around it;
        # `first_child_for_byte` of a node without children ends the process.
        cursor = self.tree.walk()
        found = [self.root]
        while len(found) < DEEPEST and cursor.goto_first_child_for_byte(byte) is not None:
            node = cursor.node
            if node is None or node.start_byte > byte:
                break
            found.append(node)
        return tuple(reversed(found))

    def _touched(self, position: Position) -> int:
        """The byte of the character that a cursor at a position is on."""
        line = self.document.line(position.line)
        place = self.document.clamp(position)
        after, before = line[place.column : place.column + 1], line[max(0, place.column - 1) : place.column]
        on_next = after.isalnum() or after == "_" or not before or before.isspace()
        return self.offsets.byte(place if on_next else Position(place.line, place.column - 1))

    def enclosing(self, position: Position, kinds: Collection[str]) -> tree_sitter.Node | None:
        """The smallest node of one of these node types around a position."""
        return next((node for node in self.ancestors(position) if node.type in kinds), None)

    def matches(self, kind: str, node: tree_sitter.Node | None = None, *, depth: int = 0) -> Iterator[Match]:
        """What one of the language's query files finds in a node (default: everywhere); nothing without that file."""
        query = queries.query(self.language, kind)
        if query is None:
            return iter(())
        return iter(search(query, node or self.root, depth=depth))


def search(query: tree_sitter.Query, node: tree_sitter.Node, *, depth: int = 0, around: int = -1) -> list[Match]:
    """The matches of a query in a node.

    With `depth` only those whose outermost node begins at most so many levels below `node`, with `around` only those
    that hold a byte.
    """
    if _hopeless(node):
        return []
    cursor = tree_sitter.QueryCursor(query)
    if depth:
        cursor.set_max_start_depth(depth)
    if around >= 0:
        cursor.set_byte_range(around, around + 1)
    return cursor.matches(node)


def _hopeless(node: tree_sitter.Node) -> bool:
    """Whether a node is a heap of punctuation: 100,000 open brackets in one error node take a query 7 seconds."""
    return node.is_error and node.child_count > _HEAP and node.named_child_count < node.child_count // 10


def parse(document: Document, language: Language | None = None, *, seconds: float = 10.0) -> SyntaxTree:
    """Parse a whole document at once: for cold or small files.

    Raises UnknownLanguage, and DeadlineExceeded for a text that takes more than `seconds` or that crashes the grammar.
    """
    language = language or languages.get(document.language)
    if not survives(language, document.text):
        raise DeadlineExceeded(f"this text is nested too deep for the {language.name} grammar")
    offsets = Offsets(document)
    tree = parse_whole(tree_sitter.Parser(queries.grammar(language)), offsets.source, seconds)
    if tree is None:
        raise DeadlineExceeded(f"this text takes the {language.name} grammar more than {seconds:g} seconds")
    return SyntaxTree(document, language, tree, offsets)
