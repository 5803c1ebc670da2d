"""An immutable snapshot of one text document, and how the next snapshot is made from it."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, count
from operator import add

from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span

# Invariant: lines end at \n, \r\n or a lone \r, as in LSP; other separators that str.splitlines knows are plain text.
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one document.

    `uri` is the client's, byte for byte. `language` is an id of `grammars/` or whatever the client said.
    `starts` holds the offset at which each line begins; an empty text has one line.
    """

    uri: str
    language: str
    version: int
    text: str
    starts: tuple[int, ...] = field(repr=False)

    @property
    def line_count(self) -> int:
        return len(self.starts)

    @property
    def end(self) -> Position:
        """The place after the last character."""
        last = len(self.starts) - 1
        return Position(last, len(self.text) - self.starts[last])

    def line(self, number: int) -> str:
        """The text of a line without its line end; empty when there is no such line."""
        if not 0 <= number < len(self.starts):
            return ""
        start = self.starts[number]
        stop = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.text[start:stop].rstrip("\r\n")

    def clamp(self, position: Position) -> Position:
        """The nearest place that exists: past the last line means the end, past a line's end means its end."""
        if position.line < 0:
            return Position(0, 0)
        if position.line >= len(self.starts):
            return self.end
        return Position(position.line, max(0, min(position.column, len(self.line(position.line)))))

    def offset(self, position: Position) -> int:
        """The index into `text` of a position, clamped as `clamp` does."""
        place = self.clamp(position)
        return self.starts[place.line] + place.column

    def position(self, offset: int) -> Position:
        """The position of an index into `text`, clamped to the text."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self.starts, offset) - 1
        return Position(line, offset - self.starts[line])

    def slice(self, span: Span) -> str:
        return self.text[self.offset(span.start) : self.offset(span.end)]

    def replaced(self, edits: Sequence[Edit], version: int) -> "Document":
        """The next snapshot: the edits applied in order, each to the result of those before it."""
        current = self
        for edit in edits:
            current = _apply(current, edit, version)
        if current is self:
            return Document(self.uri, self.language, version, self.text, self.starts)
        return current


def document(uri: str, text: str, language: str = "plaintext", version: int = 0) -> Document:
    """A document from its whole text."""
    return Document(uri, language, version, text, line_starts(text))


def line_starts(text: str) -> tuple[int, ...]:
    """The offset of each line's first character."""
    if "\r" not in text:  # Four times as fast as the pattern, and true of most files.
        ends = accumulate(map(len, text.split("\n")[:-1]), initial=0)
        return tuple(map(add, ends, count()))
    return (0, *(match.end() for match in _LINE_END.finditer(text)))


def _apply(old: Document, edit: Edit, version: int) -> Document:
    start, stop = sorted((old.offset(edit.span.start), old.offset(edit.span.end)))
    text = old.text[:start] + edit.text + old.text[stop:]
    # Only the lines from the one before the change (a \r there may gain or lose its \n) to the one after it are
    # scanned again: scanning 5,000 lines took 1 ms, this takes 0.1 ms.
    first = max(0, bisect_right(old.starts, start) - 2)
    after = bisect_right(old.starts, stop) + 1
    shift = len(edit.text) - (stop - start)
    begin = old.starts[first]
    if after >= len(old.starts):
        tail: tuple[int, ...] = ()
        region = text[begin:]
    else:
        tail = tuple([value + shift for value in old.starts[after:]])
        region = text[begin : old.starts[after] + shift]
    middle = [begin + value for value in line_starts(region)]
    if tail and middle[-1] == tail[0]:
        middle.pop()
    return Document(old.uri, old.language, version, text, (*old.starts[:first], *middle, *tail))
