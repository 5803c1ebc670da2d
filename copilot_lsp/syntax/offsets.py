"""Convert between positions in a document (code points) and bytes of its UTF-8 text, which is what grammars see."""

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from copilot_lsp.core.document import Document
from copilot_lsp.core.text import Position, Span

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTINUATION = bytes(range(0x80, 0xC0))


def encode(text: str) -> bytes:
    """The bytes that are parsed for a text; lone surrogates, which a client can send, become replacement characters."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text).encode()


class Offsets:
    """One document's bytes and the way between them and its positions. In ASCII text both are the same."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.source = encode(document.text)
        self.same = len(self.source) == len(document.text)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The byte at which each line begins."""
        # Invariant: as many lines as the document has: line ends are ASCII, so no other character's bytes hold one.
        if self.same:
            return self.document.starts
        begun = (0, *accumulate(map(len, self.source.splitlines(keepends=True))))
        return begun if len(begun) == self.document.line_count else begun[:-1]

    def point(self, byte: int) -> tuple[int, int]:
        """The line and column of a byte offset; inside a character it is the place after it."""
        starts = self.starts
        line = bisect_right(starts, byte) - 1
        if self.same:
            return line, byte - starts[line]
        return line, length(self.source[starts[line] : byte])

    def position(self, byte: int) -> Position:
        return Position(*self.point(byte))

    def span(self, start: int, end: int) -> Span:
        return Span(self.position(start), self.position(end))

    def byte(self, position: Position) -> int:
        """The byte offset of a position, clamped to the text."""
        if self.same:
            return self.document.offset(position)
        place = self.document.clamp(position)
        start = self.document.starts[place.line]
        return self.starts[place.line] + len(encode(self.document.text[start : start + place.column]))

    def byte_at(self, index: int) -> int:
        """The byte offset of an index into the document's text."""
        return index if self.same else self.byte(self.document.position(index))

    def index(self, byte: int) -> int:
        """The index into the document's text of a byte offset; inside a character it is the place after it."""
        if self.same:
            return byte
        line, column = self.point(byte)
        return self.document.starts[line] + column

    def text(self, start: int, end: int) -> str:
        """The text between two byte offsets."""
        if self.same:
            return self.document.text[start:end]
        return self.source[start:end].decode("utf-8", "replace")


def length(source: bytes) -> int:
    """How many code points some bytes of UTF-8 begin."""
    return len(source) if source.isascii() else len(source.translate(None, _CONTINUATION))
