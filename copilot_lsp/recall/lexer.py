"""How does text of any language become numbers that are equal exactly where its tokens are?

A token is a word, a number, an operator or a line end; strings and comments are split like code, so that no state is
carried from line to line. The id of a token is the CRC-32 of its text: the same in every document, process and file,
with no vocabulary to share. Two words that collide (one pair in 90,000 words) cost a poor suggestion, no more.
"""

import re
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint32]
Offsets = NDArray[np.int32]
Gaps = NDArray[np.uint8]
Heads = NDArray[np.uint16]

# Words are cut at 64 characters, so that data in a text file cannot fill the memo. Each match takes the blanks before
# its token along: the matches together are the whole text, so that offsets are sums of lengths and not 50,000 calls.
PIECE = re.compile(
    r"""[^\S\r\n]{0,120}(?:
        [^\W\d]\w{0,63}
      | \d\w{0,31}(?:\.\d\w{0,31})?
      | \r\n | \n | \r
      | \"\"\" | ''' | \.\.\. | [!=]== | \*\*=? | //=? | <<=? | >>=? | -> | => | :: | :=
      | [-+*/%&|^!=<>]= | && | \|\| | \?[.?] | \+\+ | --
      | \S | \Z
    ) | [^\S\r\n]""",
    re.VERBOSE,
)
_MEMO_LIMIT = 200_000
# A line beyond this is data or minified code: its rest is not looked at, which bounds the work for one line.
LINE_LIMIT = 4000


def token_id(text: str) -> int:
    """The id of one token."""
    return crc32(text.encode("utf-8", "surrogatepass"))


def head(text: str) -> int:
    """What the first two characters of a token give away of it: enough to rule out nearly all others."""
    return (ord(text[0]) & 0xFF) << 8 | (ord(text[1]) & 0xFF if len(text) > 1 else 0)


NEWLINE = token_id("\n")


class _Memo(dict[str, int]):
    """From a piece (blanks and a token) to its id, head, number of blanks and length, packed into one integer."""

    def __missing__(self, piece: str) -> int:
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        token = piece.strip()
        if token:
            number, blanks = token_id(token), len(piece) - len(token)
        elif piece.endswith(("\n", "\r")):
            number, blanks = NEWLINE, len(piece.rstrip("\r\n"))
        else:
            number, blanks = 0, len(piece)
        first = head(token) if token else 0
        packed = (number << 32) | (first << 16) | (blanks << 8) | len(piece)
        self[piece] = packed
        return packed


# Shared by all sessions of the process: the cache of a pure function, which tells nobody who asked.
_MEMO = _Memo()


class Lexed(NamedTuple):
    """The tokens of whole lines: ids, the offset of each one's first character, the number of blanks before each,
    `head`s.

    Several line ends in a row are one token, so that blank lines do not part what is equal; `blank_lines` counts them
    (at a line end the number of those that follow, elsewhere 0).
    """

    ids: Ids
    starts: Offsets
    gaps: Gaps
    heads: Heads
    blank_lines: Gaps


def lex(text: str) -> Lexed:
    """The tokens of a text that consists of whole lines."""
    return lex_pieces(PIECE.findall(text))


def lex_pieces(pieces: list[str]) -> Lexed:
    """The same from the matches of `PIECE`, for who needs those too."""
    packed = np.fromiter(map(_MEMO.__getitem__, pieces), np.uint64, len(pieces))
    ids = (packed >> np.uint64(32)).astype(np.uint32)
    lengths = (packed & np.uint64(0xFF)).astype(np.int32)
    gaps = (packed >> np.uint64(8)).astype(np.uint8)
    heads = (packed >> np.uint64(16)).astype(np.uint16)
    starts = np.cumsum(lengths, dtype=np.int32) - lengths + gaps
    real = np.flatnonzero(ids)
    ends = ids[real] == NEWLINE
    first = np.ones(len(real), bool)
    first[1:] = ~(ends[1:] & ends[:-1])
    kept = np.flatnonzero(first)
    edges = np.concatenate([kept, [len(first)]])
    blank_lines = np.minimum(edges[1:] - edges[:-1] - 1, 255).astype(np.uint8)
    real = real[kept]
    return Lexed(ids[real], starts[real], gaps[real], heads[real], blank_lines)


def words(text: str) -> list[str]:
    """The texts of the tokens of one line."""
    return [word for word in map(str.strip, PIECE.findall(text)) if word]
