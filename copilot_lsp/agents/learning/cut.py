"""Which characters did a change of a text really replace, and where are others afterwards?

Editors report the same change in many ways: a key as one character, an accepted word as the whole line again, classic
Vim everything as the whole text. Cut to what differs they are the same.
"""

from dataclasses import dataclass

from copilot_lsp.core.document import Document
from copilot_lsp.core.edit import Edit

# Equal texts before and behind an insertion are seldom longer.
_FARTHEST = 200
_BLOCK = 16_384


@dataclass(frozen=True, slots=True)
class Cut:
    """Characters `start` to `stop` of the old text gave way to `text`."""

    start: int
    stop: int
    text: str

    @property
    def grows(self) -> int:
        """By how many characters the text became longer."""
        return len(self.text) - (self.stop - self.start)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters `begin` to `end` of a text."""

    begin: int
    end: int


def cut_of(before: Document, edit: Edit) -> Cut | None:
    """What an edit of a document changes; None when it replaces a text by the same one."""
    start, stop = sorted((before.offset(edit.span.start), before.offset(edit.span.end)))
    old, new = before.text[start:stop], edit.text
    same = shared_start(old, new)
    old, new = old[same:], new[same:]
    behind = shared_end(old, new)
    if behind:
        old, new = old[:-behind], new[:-behind]
    return Cut(start + same, start + same + len(old), new) if old or new else None


def shared_start(one: str, other: str) -> int:
    """How many characters two texts have in common at their start."""
    # In blocks, because comparing is quick and copying the rest of a large text again and again is not.
    longest = min(len(one), len(other))
    low = 0
    while low < longest and one[low : low + _BLOCK] == other[low : low + _BLOCK]:
        low += _BLOCK
    high = min(low + _BLOCK, longest)
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return min(low, longest)


def shared_end(one: str, other: str) -> int:
    """How many characters two texts have in common at their end."""
    longest = min(len(one), len(other))
    low = 0
    while low < longest and _ending(one, low, low + _BLOCK) == _ending(other, low, low + _BLOCK):
        low += _BLOCK
    high = min(low + _BLOCK, longest)
    while low < high:
        middle = (low + high + 1) // 2
        if _ending(one, low, middle) == _ending(other, low, middle):
            low = middle
        else:
            high = middle - 1
    return min(low, longest)


def _ending(text: str, first: int, last: int) -> str:
    """Characters `first` to `last` of a text, counted from its end."""
    return text[max(0, len(text) - last) : len(text) - first]


def slid(cut: Cut, before: str, place: int) -> Cut:
    """The same change as an insertion at `place`, where it can be seen as one.

    What is inserted before an equal text may as well be inserted behind it: of a text that was sent as a whole nobody
    knows which it was.
    """
    if cut.start != cut.stop or cut.start == place or abs(cut.start - place) > _FARTHEST:
        return cut
    if place < cut.start:
        between = before[place : cut.start]
        joined = between + cut.text
        return Cut(place, place, joined[: len(cut.text)]) if joined.endswith(between) else cut
    between = before[cut.start : place]
    joined = cut.text + between
    return Cut(place, place, joined[len(between) :]) if joined.startswith(between) else cut


def moved(stretch: Stretch, cut: Cut) -> Stretch:
    """Where a stretch is after a change. What is inserted at its ends stays outside.

    Where its ends were replaced with what is around them, it keeps its distance from what was not.
    """
    if cut.stop <= stretch.begin:
        return Stretch(stretch.begin + cut.grows, stretch.end + cut.grows)
    if cut.start >= stretch.end:
        return stretch
    begin, end = stretch.begin, stretch.end + cut.grows
    if cut.start < begin:
        begin = cut.start + min(begin - cut.start, len(cut.text))
    return Stretch(begin, max(begin, cut.start, end))
