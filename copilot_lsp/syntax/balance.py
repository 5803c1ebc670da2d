"""Which brackets does a piece of text close that it did not open, and leave open?

One expression for all languages and not a parser: it is asked where a parser is at a loss, because what is being
written is not closed yet.
"""

import asyncio
import re
from dataclasses import dataclass
from functools import cache

from copilot_lsp.syntax.language import Language

# So many brackets and quotes are looked at between two turns of the event loop, half a millisecond's worth.
_STRETCH = 2_000


@dataclass(frozen=True, slots=True)
class Balance:
    """The brackets of a text that have no partner in it: those it closes come before those it opens."""

    closes: str = ""
    opens: str = ""

    @property
    def size(self) -> int:
        return len(self.closes) + len(self.opens)


def left_open(opens: str, closes: str) -> str:
    """What of some open brackets stays open when some are closed. One that closes an outer one closes all inside."""
    for bracket in closes:
        at = opens.rfind(_OPENING[bracket])
        opens = opens[:at] if at >= 0 else opens
    return opens


def closing(opens: str) -> str:
    """What closes open brackets, the innermost first."""
    return "".join(_CLOSING[bracket] for bracket in reversed(opens))


_QUOTES = ("'", '"', "`")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}


def balance(text: str, language: Language) -> Balance:
    """The balance of a short text."""
    opens: list[str] = []
    closes: list[str] = []
    for found in _pattern(language).finditer(text):
        _take(found[0], opens, closes)
    return Balance("".join(closes), "".join(opens))


def open_quotes(text: str, language: Language) -> int:
    """How many quotes of a short text have no partner in their line."""
    rest = _pattern(language).sub("", text)
    return sum(map(rest.count, _QUOTES))


async def balance_of_long(text: str, language: Language) -> Balance:
    """The same for a whole file, in stretches between which the event loop runs."""
    opens: list[str] = []
    closes: list[str] = []
    for number, found in enumerate(_pattern(language).finditer(text), 1):
        _take(found[0], opens, closes)
        if number % _STRETCH == 0:
            await asyncio.sleep(0)
    return Balance("".join(closes), "".join(opens))


def _take(token: str, opens: list[str], closes: list[str]) -> None:
    if token in _CLOSING:
        opens.append(token)
    elif token in _OPENING:
        while opens and opens[-1] != _OPENING[token] and _OPENING[token] in opens:
            opens.pop()
        if opens and opens[-1] == _OPENING[token]:
            opens.pop()
        else:
            closes.append(token)


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    """Brackets, and what may hold some that do not count: strings and comments."""
    comments = [f"{re.escape(language.comment.line)}[^\n]*"] if language.comment.line else []
    if len(language.comment.block) == 2:
        opening, closing = map(re.escape, language.comment.block)
        comments.append(f"{opening}.*?{closing}")
    strings = [r'"""(?:[^\\]|\\.)*?"""', r"'''(?:[^\\]|\\.)*?'''", r'"(?:[^"\\\n]|\\.)*"', r"'(?:[^'\\\n]|\\.)*'"]
    strings.append(r"`(?:[^`\\]|\\.)*`")
    return re.compile("|".join([*comments, *strings, r"[()\[\]{}]"]), re.DOTALL)
