"""How far do unsure proposals agree with each other?"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from copilot_lsp.recall.propose import Proposal


def shorten(proposals: Sequence[Proposal], confidence: float) -> Proposal | None:
    """The longest beginning that is at least so likely, all proposals together that begin with it; None if none is."""
    chances: defaultdict[tuple[str, int, tuple[int, ...]], float] = defaultdict(float)
    longest: dict[tuple[str, int, tuple[int, ...]], Proposal] = {}
    for one in proposals:
        typed, deeper, ids = one.key
        for length in range(1, len(ids) + 1):
            key = typed, deeper, ids[:length]
            chances[key] += one.confidence
            longest.setdefault(key, one)
    likely = [key for key, chance in chances.items() if chance >= confidence]
    if not likely:
        return None
    best = max(likely, key=lambda key: (len(key[2]), chances[key]))
    whole = longest[best]
    kept = len(whole.ids) - (len(whole.key[2]) - len(best[2]))
    return replace(whole, ids=whole.ids[:kept], confidence=chances[best])
