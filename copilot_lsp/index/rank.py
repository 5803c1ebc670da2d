"""Join rankings from several sources into one."""

from collections.abc import Mapping, Sequence

# The usual constant of reciprocal rank fusion: how much better the first place is than the tenth.
DAMPING = 20


def fuse(
    rankings: Mapping[str, Sequence[int]], weights: Mapping[str, float]
) -> list[tuple[int, float, tuple[str, ...]]]:
    """Items by the sum of weight / (damping + rank) over the rankings that know them, best first, with the rankings'
    names, the one that counts most first."""
    parts: dict[int, list[tuple[float, str]]] = {}
    for name, items in rankings.items():
        for rank, item in enumerate(items):
            parts.setdefault(item, []).append((weights[name] / (DAMPING + rank), name))
    fused = [
        (item, sum(score for score, _ in found), tuple(name for _, name in sorted(found, reverse=True)))
        for item, found in parts.items()
    ]
    return sorted(fused, key=lambda entry: -entry[1])
