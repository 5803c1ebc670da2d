"""What is too big or too odd to parse within the time an editor waits."""

from bisect import bisect_right
from dataclasses import dataclass

from copilot_lsp.core.document import Document


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
