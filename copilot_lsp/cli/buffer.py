"""The text of one open file as an editor holds it, and its places as they go over the wire."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span

# Bytes of one unit that a client counts columns in, and the codec that yields them.
_UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


@dataclass(slots=True)
class Buffer:
    """An open file. `document` is replaced at each change; `encoding` is the position encoding of the session."""

    document: Document
    encoding: str = "utf-16"

    @property
    def uri(self) -> str:
        return self.document.uri

    @property
    def text(self) -> str:
        return self.document.text

    @property
    def identifier(self) -> dict[str, str]:
        """A TextDocumentIdentifier."""
        return {"uri": self.uri}

    @property
    def item(self) -> dict[str, Any]:
        """A TextDocumentItem."""
        now = self.document
        return {"uri": now.uri, "languageId": now.language, "version": now.version, "text": now.text}

    def find(self, needle: str, *, after: bool = False) -> Position:
        """Where a text first occurs, or the place behind it. Raises ValueError where it does not occur."""
        return self.document.position(self.text.index(needle) + len(needle) * after)

    def place(self, position: Position) -> dict[str, int]:
        """A position as the wire counts it."""
        codec, width = _UNITS[self.encoding]
        line = self.document.line(position.line)
        return {"line": position.line, "character": len(line[: position.column].encode(codec)) // width}

    def range(self, span: Span) -> dict[str, Any]:
        return {"start": self.place(span.start), "end": self.place(span.end)}

    def position(self, place: Mapping[str, int]) -> Position:
        """A place of the wire as a position."""
        codec, width = _UNITS[self.encoding]
        raw = self.document.line(place["line"]).encode(codec)[: place["character"] * width]
        return Position(place["line"], len(raw.decode(codec, "ignore")))

    def span(self, wire_range: Mapping[str, Any]) -> Span:
        return Span(self.position(wire_range["start"]), self.position(wire_range["end"]))

    def changed(self, span: Span, text: str) -> dict[str, Any]:
        """Replace a span; the answer is the didChange parameters that tell a server about it."""
        change = {"range": self.range(span), "text": text}
        self.document = self.document.replaced([Edit(span, text)], self.document.version + 1)
        return self._did_change([change])

    def edited(self, text_edits: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """Apply a server's TextEdits, all of which refer to the text as it is now; the answer is as for `changed`."""
        spans = [(self.span(edit["range"]), edit["newText"]) for edit in text_edits]
        # Last first, so that the places of those before stay right; of two at one place the later goes in first.
        ordered = sorted(enumerate(spans), key=lambda numbered: (numbered[1][0].start, numbered[0]), reverse=True)
        changes: list[dict[str, Any]] = []
        for _, (span, text) in ordered:
            changes.append({"range": self.range(span), "text": text})
            self.document = self.document.replaced([Edit(span, text)], self.document.version)
        self.document = self.document.replaced([], self.document.version + 1)
        return self._did_change(changes)

    def _did_change(self, changes: list[dict[str, Any]]) -> dict[str, Any]:
        return {"textDocument": {"uri": self.uri, "version": self.document.version}, "contentChanges": changes}


def read_buffer(path: Path, language: str, encoding: str = "utf-16", text: str | None = None) -> Buffer:
    """A buffer for a file, with the text on disk unless another is given."""
    content = path.read_text(encoding="utf-8") if text is None else text
    return Buffer(document(path.absolute().as_uri(), content, language, version=1), encoding)
