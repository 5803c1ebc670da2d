"""What is too big or too odd to parse within the time an editor waits."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from copilot_lsp.core.document import Document
from copilot_lsp.syntax.language import Language


@dataclass(frozen=True, slots=True)
class Limits:
    """Beyond one of these a document has no tree. `size` and `line` count code points.

    `slice` is how many seconds a parse may hold the event loop, `stuck` how many of CPU a single token may.
    """

    size: int = 1_000_000
    line: int = 50_000
    slice: float = 0.003
    stuck: float = 0.03


DEFAULT = Limits()


def survives(language: Language, text: str) -> bool:
    """Whether the grammar can be given a text at all: some crash, with the whole process, on deep nesting."""
    pattern = _avoided(language)
    return pattern is None or pattern.search(text) is None


@cache
def _avoided(language: Language) -> re.Pattern[str] | None:
    return re.compile(language.grammar.avoid) if language.grammar.avoid else None


def fits(document: Document, limits: Limits) -> bool:
    """Whether a document is parsed. One token is lexed without a pause, so the longest line bounds the stall."""
    if len(document.text) > limits.size:
        return False
    starts = document.starts
    at = 0
    # From one line to the last that begins within the longest line's length: a few steps instead of every line.
    while len(document.text) - starts[at] > limits.line:
        following = bisect_right(starts, starts[at] + limits.line) - 1
        if following == at:
            return False
        at = following
    return True
