"""What did the user change lately, place by place?

Keystrokes at one place become one edit, what was undone disappears, and a whole text that is sent anew (as editors
without incremental changes do) becomes the few places in which it differs.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from copilot_lsp.core.document import Document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span

# Edits tell what the user is busy with; a pasted file does not, and must not be kept fifty times.
_KEPT = 50
_LARGEST = 2_000
# A pause longer than this between two changes at one place means that the user came back to it.
_PAUSE = 10.0
# Comparing whole lines of a larger region than this would hold up the keystroke that caused it.
_LINES = 400
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Change:
    """One edit that the client reported, and the text that it replaced.

    `start` is where it begins in the text before it, and thus also in the one after it. `at` is on the monotonic clock.
    """

    uri: str
    edit: Edit
    start: int
    before: str
    at: float


class Edits:
    """The newest edits of one session, the newest last.

    Invariant: those of one document follow one another without a gap and end at its present text, so that undoing
    them from the last to the first gives the texts that there were.
    """

    def __init__(self) -> None:
        self._kept: deque[Change] = deque(maxlen=_KEPT)

    def __iter__(self) -> Iterator[Change]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def __getitem__(self, index: int) -> Change:
        return self._kept[index]

    def add(self, document: Document, edit: Edit, at: float) -> None:
        """An edit of this document, which is the text before it."""
        pieces = _pieces(document, edit)
        if pieces is None:
            # What came before cannot be followed through a change that is not kept.
            self.forget(document.uri)
            return
        current = document
        for piece in pieces:
            self._add(current, piece, at)
            if len(pieces) > 1:
                current = current.replaced((piece,), current.version)

    def forget(self, uri: str) -> None:
        """Nothing is kept of a document that was closed or became another one."""
        self._kept = deque((one for one in self._kept if one.uri != uri), maxlen=_KEPT)

    def _add(self, document: Document, edit: Edit, at: float) -> None:
        start, end = sorted((document.offset(edit.span.start), document.offset(edit.span.end)))
        change = Change(document.uri, edit, start, document.text[start:end], at)
        last = self._kept[-1] if self._kept else None
        joined = _joined(document, last, change) if last and last.uri == change.uri else None
        if joined is not None:
            self._kept.pop()
            change = joined
        if self._kept and _undoes(change, self._kept[-1]):
            self._kept.pop()
        elif change.before != change.edit.text:
            self._kept.append(change)


def _pieces(document: Document, edit: Edit) -> list[Edit] | None:
    """The places that an edit changes, the last one first; None when it is too large to be kept."""
    before, after = document.slice(edit.span), edit.text
    start = document.offset(edit.span.start)
    if max(len(before), len(after)) > _LARGEST or "\n" in before:
        head, tail = _same(before, after)
        before, after, start = before[head : len(before) - tail], after[head : len(after) - tail], start + head
    if not before and not after:
        return []
    if len(before) + len(after) <= _LARGEST:
        return [_edit(document, start, start + len(before), after)]
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if max(len(old), len(new)) > _LINES:
        return None
    found: list[Edit] = []
    begins = [start]
    for line in old:
        begins.append(begins[-1] + len(line))
    for kind, low, high, low_new, high_new in reversed(SequenceMatcher(None, old, new, autojunk=False).get_opcodes()):
        if kind != "equal":
            found.append(_edit(document, begins[low], begins[high], "".join(new[low_new:high_new])))
    sizes = [len(document.slice(one.span)) + len(one.text) for one in found]
    return found if max(sizes) <= _LARGEST and len(found) <= _KEPT else None


def _joined(document: Document, last: Change, change: Change) -> Change | None:
    """Two edits as one, where the second touches what the first wrote; `document` is the text between them."""
    start, end = last.start, last.start + len(last.edit.text)
    low, high = change.start, change.start + len(change.before)
    if low > end or high < start:
        return None
    first = min(start, low)
    before = document.text[first:start] + last.before + document.text[end : max(end, high)]
    after = document.text[start : max(start, low)] + change.edit.text + document.text[high : max(end, high)]
    if change.at - last.at > _PAUSE or len(before) + len(after) > _LARGEST:
        return None
    begin = document.position(first)
    return Change(change.uri, Edit(Span(begin, _after(begin, before)), after), first, before, change.at)


def _undoes(change: Change, last: Change) -> bool:
    same = (change.uri, change.start, change.before) == (last.uri, last.start, last.edit.text)
    return same and change.edit.text == last.before


def _edit(document: Document, start: int, end: int, text: str) -> Edit:
    return Edit(Span(document.position(start), document.position(end)), text)


def _after(start: Position, text: str) -> Position:
    """The position after a text that begins at a position."""
    *above, last = _LINE_END.split(text)
    return Position(start.line + len(above), len(last) + (0 if above else start.column))


def _same(before: str, after: str) -> tuple[int, int]:
    """How many characters two texts share at their beginning and at their end; no line end is cut in two."""
    head = _common(before, after)
    head -= head > 0 and before[head - 1] == "\r"
    tail = _common(before[head:][::-1], after[head:][::-1])
    cut = "\r" in (before[head : len(before) - tail][-1:], after[head : len(after) - tail][-1:])
    tail -= tail > 0 and cut and before[len(before) - tail] == "\n"
    return head, tail


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
