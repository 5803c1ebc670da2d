"""Which tokens did an edit change?"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from copilot_lsp.agents.next_edits.history import Hunk, Past

NAME = re.compile(r"[^\W\d][\w$]*")
# Strings are one token where they end on their line, so that text in one is not taken for code.
TOKEN = re.compile(
    r"""[^\W\d][\w$]*
      | \d[\w.]*
      | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | `(?:[^`\\\n]|\\.)*`
      | \n
      | [!=]==? | [-+*/%&|^<>]= | => | -> | :: | && | \|\| | \?[.?] | \.\.\.
      | [^\w\s]
    """,
    re.VERBOSE,
)
# Comparing more than this says nothing about a pattern and costs milliseconds.
_LARGEST = 1_500
_WORD = re.compile(r"[\w$]")


class Token(NamedTuple):
    """One token and where it stands in its text."""

    text: str
    start: int
    end: int


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens between two offsets of a text; a line end is one too."""
    return [Token(match[0], *match.span()) for match in TOKEN.finditer(text, start, end)]


def widened(past: Past, hunk: Hunk) -> Hunk:
    """A hunk together with the rest of the words that it begins and ends in."""
    text, now = past.text, past.now.document.text
    left = right = 0
    if _starts_in_word(text, hunk.start, hunk.end) or _starts_in_word(now, hunk.now_start, hunk.now_end):
        while hunk.start - left > 0 and _WORD.match(text[hunk.start - left - 1]):
            left += 1
    if _ends_in_word(text, hunk.start, hunk.end) or _ends_in_word(now, hunk.now_start, hunk.now_end):
        while hunk.end + right < len(text) and _WORD.match(text[hunk.end + right]):
            right += 1
    return Hunk(hunk.start - left, hunk.end + right, hunk.now_start - left, hunk.now_end + right)


def changed_tokens(past: Past, hunk: Hunk) -> Iterator[Hunk]:
    """The smallest stretches of whole tokens that differ within a hunk."""
    wide = widened(past, hunk)
    if max(wide.end - wide.start, wide.now_end - wide.now_start) > _LARGEST:
        return
    before = tokens(past.text, wide.start, wide.end)
    after = tokens(past.now.document.text, wide.now_start, wide.now_end)
    matcher = SequenceMatcher(None, [one.text for one in before], [one.text for one in after], autojunk=False)
    for kind, low, high, low_new, high_new in matcher.get_opcodes():
        if kind != "equal":
            start, end = _bounds(before, low, high, wide.start, wide.end)
            now_start, now_end = _bounds(after, low_new, high_new, wide.now_start, wide.now_end)
            yield Hunk(start, end, now_start, now_end)


def replaced_names(past: Past) -> list[Hunk]:
    """The names of the focus in whose place another name stands, one by one."""
    now = past.now.document.text
    found: list[Hunk] = []
    for hunk in changed_tokens(past, past.focus):
        before = tokens(past.text, hunk.start, hunk.end)
        after = tokens(now, hunk.now_start, hunk.now_end)
        if len(before) == len(after) and all(map(_same_kind, before, after)):
            found += [
                Hunk(one.start, one.end, other.start, other.end)
                for one, other in zip(before, after, strict=True)
                if one.text != other.text and NAME.fullmatch(one.text)
            ]
    return found


def _same_kind(one: Token, other: Token) -> bool:
    return one.text == other.text or bool(NAME.fullmatch(one.text) and NAME.fullmatch(other.text))


def _starts_in_word(text: str, start: int, end: int) -> bool:
    """Whether a stretch, or what follows an empty one, goes on with a word that began before it."""
    return bool(start > 0 and _WORD.match(text[start - 1]) and (start == end or _WORD.match(text[start])))


def _ends_in_word(text: str, start: int, end: int) -> bool:
    return bool(end < len(text) and _WORD.match(text[end]) and (start == end or _WORD.match(text[end - 1])))


def _bounds(found: list[Token], low: int, high: int, start: int, end: int) -> tuple[int, int]:
    if low < high:
        return found[low].start, found[high - 1].end
    place = found[low - 1].end if low else (found[0].start if found else start)
    return (place, place) if found else (start, start)
