"""Convert between positions in a document (code points) and bytes of its UTF-8 text, which is what grammars see."""

import re
from bisect import bisect_right
from functools import cached_property

from copilot_lsp.core.document import Document
from copilot_lsp.core.text import Position, Span

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTINUATION = bytes(range(0x80, 0xC0))
_LINE_END = re.compile(rb"\r\n|\n|\r")


def encode(text: str) -> bytes:
    """The bytes that are parsed for a text; lone surrogates, which a client can send, become replacement characters."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode()


class Offsets:
    """One document's bytes and the way between them and its positions. In ASCII text both are the same."""

    def __init__(self, document: Document, source: bytes | None = None) -> None:
        self.document = document
        self.source = encode(document.text) if source is None else source
        self._same = len(self.source) == len(document.text)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        # Invariant: as many lines as the document has: line ends are ASCII, so no other character's bytes hold one.
        return (0, *(match.end() for match in _LINE_END.finditer(self.source)))

    def point(self, byte: int) -> tuple[int, int]:
        """The line and column of a byte offset; inside a character it is the place after it."""
        if self._same:
            starts = self.document.starts
            line = bisect_right(starts, byte) - 1
            return line, byte - starts[line]
        line = bisect_right(self._starts, byte) - 1
        return line, length(self.source[self._starts[line] : byte])

    def position(self, byte: int) -> Position:
        return Position(*self.point(byte))

    def span(self, start: int, end: int) -> Span:
        return Span(self.position(start), self.position(end))

    def byte(self, position: Position) -> int:
        """The byte offset of a position, clamped to the text."""
        if self._same:
            return self.document.offset(position)
        place = self.document.clamp(position)
        start = self.document.starts[place.line]
        return self._starts[place.line] + len(encode(self.document.text[start : start + place.column]))

    def text(self, start: int, end: int) -> str:
        """The text between two byte offsets."""
        if self._same:
            return self.document.text[start:end]
        return self.source[start:end].decode("utf-8", "replace")


def length(source: bytes) -> int:
    """How many code points some bytes of UTF-8 begin."""
    return len(source) if source.isascii() else len(source.translate(None, _CONTINUATION))
