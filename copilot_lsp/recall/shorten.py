"""How far do unsure proposals agree with each other?"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from copilot_lsp.recall.propose import Proposal

_Key = tuple[str, int, tuple[int, ...]]


def shorten(proposals: Sequence[Proposal], confidence: float) -> Proposal | None:
    """The longest beginning that is at least so likely, all proposals together that begin with it; None if none is."""
    chances: defaultdict[_Key, float] = defaultdict(float)
    longest: dict[_Key, Proposal] = {}
    for one in proposals:
        typed, missing, ids = one.key
        for length in range(1, len(ids) + 1):
            key = typed, missing, ids[:length]
            chances[key] += one.confidence
            longest.setdefault(key, one)
    likely = [key for key, chance in chances.items() if chance >= confidence]
    if not likely:
        return None
    best = max(likely, key=lambda key: (len(key[2]), chances[key]))
    return replace(longest[best], ids=best[2], confidence=chances[best])
