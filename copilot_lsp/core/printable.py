"""A text that cannot act on the terminal or mislead the eye of whoever it is shown to."""

import re

# Control characters but for tab and newline, what changes the direction of writing, what has no width, and tags.
_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)


def printable(text: str) -> str:
    """The text with such characters written out, as in `\\x1b` or `\\u202e`. File names and code may hold any."""
    return _ACTING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def printable_line(text: str, longest: int = 200) -> str:
    """The same on one line, cut when it is too long to be read: for names and values inside of a sentence."""
    shown = printable(text).replace("\n", "\\n").replace("\t", "\\t")
    return shown if len(shown) <= longest else f"{shown[:longest]}..."
