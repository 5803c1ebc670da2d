"""Read one file as text, or say why it is not text that is worth indexing."""

import codecs
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from copilot_lsp.index.secret import is_secret_content

_HEAD = 8_192
_LONGEST_LINE = 20_000
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text as an editor shows it, without a byte order mark; `digest` is of its bytes.

    `encoding` is the one it was decoded with.
    """

    text: str
    digest: bytes
    size: int
    stamp: int
    encoding: str


class NotIndexed(Exception):
    """The file is left out; the message is the reason in a word or two."""


def read_source(path: Path | str, largest: int) -> Source:
    """The file's text. Raises `NotIndexed`: it vanished, is unreadable, special, too large, binary, secret or data."""
    content, about = _read(path, largest)
    text, encoding = _decode(content)
    if is_secret_content(content[:_HEAD]):
        raise NotIndexed("secret")
    if _has_long_line(text):
        raise NotIndexed("very long lines")
    return Source(text, digest_of(content), about.st_size, about.st_mtime_ns, encoding)


def _has_long_line(text: str) -> bool:
    start = 0
    # From one line to the last that begins within the longest line's length: a few steps instead of every line.
    while len(text) - start > _LONGEST_LINE:
        end = text.rfind("\n", start, start + _LONGEST_LINE + 1)
        if end < 0:
            return True
        start = end + 1
    return False


def digest_of(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def _read(path: Path | str, largest: int) -> tuple[bytes, os.stat_result]:
    # A pipe that took the file's place would block us, a link would lead out of the workspace.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        # Without a buffer, which takes longer to set up than most files to read.
        with open(os.open(path, flags), "rb", buffering=0) as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise NotIndexed("special")
            content = file.readall() if about.st_size <= largest else b""
    except FileNotFoundError:
        raise NotIndexed("vanished") from None
    except (OSError, ValueError):
        raise NotIndexed("unreadable") from None
    if max(about.st_size, len(content)) > largest:
        raise NotIndexed("too large")
    return content, about


def _decode(content: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace"), encoding
    if b"\0" in content[:_HEAD]:
        raise NotIndexed("binary")
    try:
        return content.decode(), "utf-8"
    except UnicodeDecodeError:
        # Every byte is a character in Latin-1, and the ASCII part, most of any source, is right in any case.
        return content.decode("latin-1"), "latin-1"
