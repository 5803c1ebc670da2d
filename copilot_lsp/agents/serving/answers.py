"""What was answered before in this session, and what of it still fits?

An answer foretells a text that the document may come to hold. It serves every version of the document that is on the
way there: whoever types along a suggestion is answered with the rest of it, without a model.
"""

import sys
from collections import deque
from dataclasses import dataclass
from itertools import chain

from copilot_lsp.core.document import Document

# Of one session; an answer holds a whole document, 200 kB for 5,000 lines.
_BYTES = 8 * 2**20
_MOST = 16
# Documents in which a suggestion may be on the screen.
_SCREENS = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """`text` is the foretold document; what fills it lies from `start` to `end`.

    `firm`: the same question has the same answer. What is not firm only serves whoever types along it, so that what is
    on the screen stays there; asked again at its beginning, someone may know better.
    """

    uri: str
    text: str
    start: int
    end: int
    source: str
    confidence: float
    firm: bool = True

    def rest(self, document: Document, offset: int) -> str:
        """What is missing at a place for the document to become the foretold text; empty when it does not fit there.

        Text that the editor added behind the cursor, such as a closing bracket, fits when it is foretold.
        """
        stop = len(self.text) - (len(document.text) - offset)
        begun = offset > self.start or self.firm
        if not (begun and self.start <= offset < stop <= self.end):
            return ""
        # What was typed is compared first: it is short, and differs if anything does.
        if self.text[self.start : offset] != document.text[self.start : offset]:
            return ""
        # Invariant: nothing is shown that was written for another text, not even for one that differs far away.
        fits = self.text.startswith(document.text[:offset]) and self.text.endswith(document.text[offset:])
        return self.text[offset:stop] if fits else ""


def foretold(document: Document, offset: int, fill: str, source: str, confidence: float, *, firm: bool) -> Answer:
    """The answer that a fill at a place of a document is, with the document's own line ends."""
    fill = fill.replace("\r\n", "\n")
    if "\r\n" in document.text:
        fill = fill.replace("\n", "\r\n")
    text = document.text[:offset] + fill + document.text[offset:]
    return Answer(document.uri, text, offset, offset + len(fill), source, confidence, firm)


class Answers:
    """The newest answers of one session, in bounded memory."""

    def __init__(self) -> None:
        self._kept: deque[Answer] = deque()
        self._shown: dict[str, Answer] = {}
        self._size = 0

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, answer: Answer) -> Answer:
        """Remember an answer; the oldest ones make room for it. One that foretells the same is kept in its place."""
        known = next((one for one in self._kept if one.uri == answer.uri and one.text == answer.text), None)
        if known is not None and known.start <= answer.start and known.firm >= answer.firm:
            return known
        if known is not None:
            self._kept.remove(known)
            self._size -= sys.getsizeof(known.text)
        self._kept.append(answer)
        self._size += sys.getsizeof(answer.text)
        while self._size > _BYTES or len(self._kept) > _MOST:
            self._size -= sys.getsizeof(self._kept.popleft().text)
        return answer

    def show(self, answer: Answer) -> None:
        """Remember that an answer is on the screen now: while it fits, no other takes its place."""
        self._shown.pop(answer.uri, None)
        self._shown[answer.uri] = answer
        if len(self._shown) > _SCREENS:
            del self._shown[next(iter(self._shown))]

    def find(self, document: Document, offset: int) -> list[tuple[Answer, str]]:
        """The answers that fit, each with its rest; the one on the screen first, unless another goes on where it ends.

        Different rests only; after that the newest first.
        """
        shown = self._shown.get(document.uri)
        candidates = chain([shown] if shown else [], reversed(self._kept))
        found: dict[str, Answer] = {}
        for answer in candidates:
            if answer.uri == document.uri and (rest := answer.rest(document, offset)):
                found.setdefault(rest, answer)
        visible = next((rest for rest, answer in found.items() if answer is shown), "")
        longer = [rest for rest in found if visible and rest != visible and rest.startswith(visible)]
        return [(found[rest], rest) for rest in dict.fromkeys([*longer, *found])]

    def complete(self, document: Document) -> Answer | None:
        """The answer that the document holds to its last character now, as after it was accepted."""
        return next(
            (one for one in reversed(self._kept) if one.uri == document.uri and one.text == document.text), None
        )

    def forget(self, uri: str) -> None:
        """Drop what is kept of a document that was closed."""
        self._shown.pop(uri, None)
        self._kept = deque(one for one in self._kept if one.uri != uri)
        self._size = sum(sys.getsizeof(one.text) for one in self._kept)
