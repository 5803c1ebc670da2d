"""Where does one message end and the next begin? LSP's base protocol, fed with bytes as they arrive.

A header block that cannot be understood is skipped up to the next `Content-Length:`, so that one bad message costs a
session nothing else. On a socket the first such block ends the session instead: a web page can make a browser send any
bytes to a local port, and must not get to speak LSP inside the body of an HTTP request.
"""

import re
from collections.abc import Iterator, Sequence

# Larger than any real document (its JSON is about its text); smaller than what would hurt a laptop.
BODY_LIMIT = 1 << 28
_HEADER_LIMIT = 1 << 13
_GARBAGE_LIMIT = 1 << 20
_MARK = b"content-length:"
_BLOCK_END = re.compile(rb"\r?\n\r?\n")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)", re.DOTALL)


class BadStream(Exception):
    """The bytes are not LSP, and there is no sign that they will become so."""


class Frames:
    """Takes bytes, gives the bodies of the messages that are complete. `strict`: the first bad header is the end."""

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._buffer = bytearray()
        self._length: int | None = None
        self._lost = False
        self._garbage = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bodies that end in these bytes, in order. Raises BadStream when there is nothing to hope for."""
        self._buffer += data
        while self._find_length():
            length = self._length or 0
            if len(self._buffer) < length:
                return
            with memoryview(self._buffer) as view:
                body = bytes(view[:length])
            del self._buffer[:length]
            self._length = None
            yield body

    def _find_length(self) -> bool:
        """Read header blocks until one says how long the next body is. False: more bytes are needed."""
        while self._length is None:
            if self._lost and not self._resynchronize():
                return False
            end = _BLOCK_END.search(self._buffer, 0, _HEADER_LIMIT)
            if end is None and len(self._buffer) < _HEADER_LIMIT:
                return False
            lines = bytes(self._buffer[: end.start()]).split(b"\n") if end else []
            self._length = _content_length(lines, self._strict)
            if self._length is not None and end is not None:
                del self._buffer[: end.end()]
            else:
                # Headers that contradict each other are passed over whole; behind plain garbage a header may begin.
                self._lose(end.end() if end and all(map(_HEADER.match, lines)) else 1)
        return True

    def _lose(self, count: int) -> None:
        if self._strict:
            raise BadStream("not a header of LSP's base protocol")
        self._lost = True
        self._discard(count)

    def _resynchronize(self) -> bool:
        """Drop bytes up to the next mark. False: none so far; a part of one may have arrived and is kept."""
        place = self._buffer.lower().find(_MARK)
        self._discard(place if place >= 0 else max(0, len(self._buffer) - len(_MARK) + 1))
        self._lost = place < 0
        return not self._lost

    def _discard(self, count: int) -> None:
        del self._buffer[:count]
        self._garbage += count
        if self._garbage > _GARBAGE_LIMIT:
            raise BadStream(f"more than {_GARBAGE_LIMIT} bytes that are not LSP's base protocol")


def frame(body: bytes) -> bytes:
    """A message as it goes over the wire."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def _content_length(lines: Sequence[bytes], strict: bool) -> int | None:
    """The length that a header block announces; None when the block is not one that can be believed."""
    lengths: set[bytes] = set()
    for line in lines:
        header = _HEADER.match(line)
        if header is None:
            return None
        if header[1].lower() == b"content-length":
            lengths.add(header[2].strip())
        elif strict and header[1].lower() != b"content-type":
            return None
    if len(lengths) != 1:
        return None
    text = lengths.pop()
    if not text.isdigit() or len(text) > 12 or int(text) > BODY_LIMIT:
        return None
    return int(text)
