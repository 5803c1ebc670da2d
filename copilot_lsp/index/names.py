"""Which names stand in a text, and which words the names are made of."""

import re
import struct
from collections import Counter
from zlib import crc32

# Bytes beyond ASCII belong to names: they are parts of letters in UTF-8.
_TABLE = bytes(byte if byte > 127 or chr(byte).isalnum() or byte == 0x5F else 0x20 for byte in range(256))
# The same with one character for each kind: lower case and digits, upper case, other letters.
_SHAPE = (
    bytes(
        0x41 if chr(byte).isupper() else 0x61 if chr(byte).isalnum() else 0x5F if _TABLE[byte] != 0x20 else 0x20
        for byte in range(128)
    )
    + bytes([0x5F]) * 128
)
_SEPARATIONS = (b"aA", b"AAa")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_MEMO_LIMIT = 200_000
_COUNT_LIMIT = 255


class _CamelWords(dict[bytes, str]):
    """From a name to the words that its capitals separate, in lower case; empty where they separate none."""

    def __missing__(self, name: bytes) -> str:
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        words = "" if name.isupper() else camel_words(name.decode("utf-8", "replace"))
        self[name] = words
        return words


_camel = _CamelWords()


def names_of(text: str) -> list[bytes]:
    """Every name in a text in reading order, in UTF-8, numbers too.

    Translating all other characters to blanks and splitting takes half the time of a regular expression.
    """
    return text.encode("utf-8", "replace").translate(_TABLE).split()


def camel_words(name: str) -> str:
    """`HTTPResponseBase` and `http_response_base` give `http response base`; empty for a name of one word."""
    parts = _CAMEL.findall(name)
    return " ".join(parts).lower() if len(parts) > 1 else ""


def spelled_out(text: str) -> str:
    """What a full text index must know of a text besides the text itself: the words inside of its capitalised names."""
    # Such names are one word in ten. Searching for where a capital separates, in a text that is reduced to kinds of
    # characters, takes half the time of looking at every name.
    source = text.encode("utf-8", "replace")
    shape = source.translate(_SHAPE)
    found: set[bytes] = set()
    for separation in _SEPARATIONS:
        at = shape.find(separation)
        while at >= 0:
            end = shape.find(b" ", at)
            if end < 0:
                end = len(shape)
            found.add(source[shape.rfind(b" ", 0, at) + 1 : end])
            at = shape.find(separation, end)
    return " ".join(filter(None, map(_camel.__getitem__, found))) if found else ""


def pack(counts: Counter[bytes]) -> tuple[bytes, bytes]:
    """Ids of the names, four bytes each, and how often each occurs, one byte each, in the same order."""
    numbers = [count if count < _COUNT_LIMIT else _COUNT_LIMIT for count in counts.values()]
    return struct.pack(f"<{len(counts)}I", *map(crc32, counts)), bytes(numbers)


def id_of(name: str) -> int:
    """The number that `pack` writes for a name."""
    return crc32(name.encode("utf-8", "replace"))
