"""What is looked at to find next edits, and how one is written down."""

from collections.abc import Mapping
from dataclasses import dataclass

from copilot_lsp.agents.request import EditKind, NextEdit
from copilot_lsp.agents.view import RecentEdit
from copilot_lsp.core.document import Document
from copilot_lsp.core.text import Position, Span
from copilot_lsp.index.workspace import Workspace
from copilot_lsp.syntax.tree import SyntaxTree


@dataclass(frozen=True, slots=True)
class Scene:
    """The open documents' trees, the one with the cursor first; what was edited; and the rest of the workspace."""

    document: Document
    cursor: Position
    trees: Mapping[str, SyntaxTree]
    edits: tuple[RecentEdit, ...]
    index: Workspace | None = None

    @property
    def others(self) -> tuple[SyntaxTree, ...]:
        return tuple(tree for uri, tree in self.trees.items() if uri != self.document.uri)


@dataclass(frozen=True, slots=True)
class Cause:
    """The user's edit that others follow from."""

    kind: EditKind
    reason: str
    subject: str = ""

    def edit(self, document: Document, start: int, end: int, text: str, confidence: float) -> NextEdit:
        """Replace the text between two offsets of an open document."""
        span = Span(document.position(start), document.position(end))
        return self.at(document, span, text, confidence)

    def at(self, document: Document, span: Span, text: str, confidence: float) -> NextEdit:
        uri, version = document.uri, document.version
        return NextEdit(uri, span, text, self.reason, confidence, version, self.kind, self.subject)

    def jump(self, uri: str, span: Span, confidence: float) -> NextEdit:
        """Look at a place in a file that is not open."""
        return NextEdit(uri, span, None, self.reason, confidence, None, self.kind, self.subject)


def line_end(document: Document) -> str:
    """How the document's lines end, by its first one."""
    first = document.text.find("\n")
    return "\r\n" if first > 0 and document.text[first - 1] == "\r" else "\n"
