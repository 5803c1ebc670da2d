"""What is too big or too odd to parse within the time an editor waits."""

from dataclasses import dataclass

from copilot_lsp.core.document import Document


@dataclass(frozen=True, slots=True)
class Limits:
    """Beyond one of these a document has no tree. `size` and `line` count code points, `slice` is in seconds."""

    size: int = 2_000_000
    line: int = 50_000
    slice: float = 0.003


DEFAULT = Limits()


def fits(document: Document, limits: Limits) -> bool:
    """Whether a document is parsed. One token is lexed without a pause, so the longest line bounds the stall."""
    if len(document.text) > limits.size:
        return False
    if len(document.text) <= limits.line:
        return True
    starts = document.starts
    longest = max(after - start for start, after in zip(starts, (*starts[1:], len(document.text)), strict=True))
    return longest <= limits.line
