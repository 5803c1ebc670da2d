"""Which pieces of the workspace a model is shown, in an order that lets its server keep what it has read.

A server keeps the longest beginning that a prompt shares with the last one. The pieces come first in a prompt, so a
piece that moves makes the server read everything behind it again.
"""

from collections.abc import Callable, Iterable, Sequence

from copilot_lsp.core.fill import Chunk


class Ring:
    """The pieces of one workspace that one session's prompts begin with. New ones come last; ones that nobody wants any
    more stay while there is room, and go from the end."""

    def __init__(self) -> None:
        self.chunks: tuple[Chunk, ...] = ()

    def update(self, wanted: Sequence[Chunk], room: int, current: Callable[[Chunk], bool]) -> bool:
        """Hold the wanted pieces within `room` characters, best first counting; whether anything has changed.

        `current` says whether a piece still is what its file holds.
        """
        wanted = fitting(wanted, room)
        keys = {_key(one) for one in wanted}
        renewed = {(one.uri, one.name) for one in wanted}
        # A definition whose text has changed takes the place of what it was.
        kept = [
            one for one in self.chunks if current(one) and (_key(one) in keys or (one.uri, one.name) not in renewed)
        ]
        there = {_key(one) for one in kept}
        new = [one for one in wanted if _key(one) not in there]
        surplus = sum(map(size, (*kept, *new))) - room
        for one in reversed(tuple(kept)):
            if surplus <= 0:
                break
            if _key(one) not in keys:
                kept.remove(one)
                surplus -= size(one)
        before, self.chunks = self.chunks, (*kept, *new)
        return self.chunks != before


def fitting(chunks: Iterable[Chunk], room: int) -> list[Chunk]:
    """The chunks that together are worth most within `room` characters: by value per character, in the given order."""
    given = list(chunks)
    ranked = sorted(given, key=lambda one: -max(one.score, 0.0) / size(one))
    taken: set[int] = set()
    for one in ranked:
        if size(one) <= room:
            room -= size(one)
            taken.add(id(one))
    return [one for one in given if id(one) in taken]


def size(chunk: Chunk) -> int:
    """Characters of a prompt that a piece takes, its file's name included."""
    return len(chunk.text) + len(chunk.path) + 8


def _key(chunk: Chunk) -> tuple[str, str]:
    return chunk.uri, chunk.text
