"""What does the person make of a suggestion? Read off what comes to stand at its place, change by change.

Pure: a `Progress` and a change give the next `Progress`. Nothing here knows an editor, a clock or a session.
"""

from dataclasses import dataclass, replace
from typing import Literal

from copilot_lsp.agents.learning.cut import Cut, Stretch, moved, slid
from copilot_lsp.agents.learning.suggestion import Suggestion, Verdict

# Editors that wait a moment before they report changes send what was typed meanwhile as one: up to this many visible
# characters, hardly a pause after the change before.
_BY_HAND = 3
_PAUSE = 0.3
_CLOSERS = {"(": ")", "[": "]", "{": "}", "<": ">", '"': '"', "'": "'", "`": "`"}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a suggestion has come true. `place` holds what stands where it would go.

    The editor shows it from character `offered` on. `replaces` stood at its place before; `closers` were put behind
    what is typed by the editor. `reached` characters of the suggestion are there, of which `taken` came in larger
    pieces and `typed` by hand, `last` with the last change. `told` is what the editor itself says of it. `verdict` is
    None while all is open.
    """

    suggestion: Suggestion
    place: Stretch
    replaces: str = ""
    offered: int = 0
    closers: str = ""
    reached: int = 0
    taken: int = 0
    typed: int = 0
    last: int = 0
    told: Literal[Verdict.ACCEPTED, Verdict.PARTLY] | None = None
    verdict: Verdict | None = None

    @property
    def text(self) -> str:
        return self.suggestion.text


def begun(suggestion: Suggestion, place: Stretch, text: str) -> Progress:
    """A suggestion that is shown now, in a document with this text."""
    there = text[place.begin : place.end]
    if suggestion.text.startswith(there):
        return Progress(suggestion, place, reached=len(there))
    return Progress(suggestion, place, replaces=there)


def follow(progress: Progress, cut: Cut, before: str, after: str, pause: float) -> Progress:
    """After a change of the document. `pause` is how many seconds nothing had changed before it."""
    cut = slid(cut, before, progress.place.begin + progress.reached)
    begin, end = progress.place.begin, progress.place.end
    if cut.start > end or cut.stop < begin:
        return replace(progress, place=moved(progress.place, cut))
    if cut.start < begin or cut.stop > end:
        return left(progress, elsewhere=True)
    place = Stretch(begin, end + cut.grows)
    return _read(replace(progress, place=place), after[begin : place.end], pause)


def told_partly(progress: Progress, length: int) -> Progress:
    """The editor says that so many characters of what it shows were accepted; they are there or come with the next
    change.
    """
    end = min(progress.offered + length, len(progress.text))
    # What came as quickly as if typed was not.
    typed = progress.typed - min(progress.last, progress.typed) if progress.reached >= end else progress.typed
    taken = max(progress.taken, end - typed)
    return replace(progress, told=Verdict.PARTLY, taken=taken, typed=typed, last=0)


def left(progress: Progress, *, elsewhere: bool) -> Progress:
    """Judged at the latest now: something else is shown or written, `elsewhere` or at the same place."""
    if progress.verdict is not None:
        return progress
    if progress.told is Verdict.ACCEPTED:
        return replace(progress, verdict=Verdict.ACCEPTED, taken=len(progress.text) - progress.typed)
    if progress.told or progress.taken:
        return replace(progress, verdict=Verdict.PARTLY)
    return replace(progress, verdict=Verdict.REJECTED if elsewhere else Verdict.IGNORED)


def _read(progress: Progress, there: str, pause: float) -> Progress:
    """Compare what stands at the place with the suggestion."""
    text = progress.text
    if there == text:
        return _complete(progress, pause)
    if not there.endswith(progress.closers + progress.replaces):
        progress = replace(progress, closers="")
    head = there.removesuffix(progress.closers + progress.replaces)
    if _is_closed(head) and not text.startswith(head) and text.startswith(head[:-1]):
        progress = replace(progress, closers=head[-1] + progress.closers)
        head = head[:-1]
    if head.startswith(text) or (head and head + progress.closers == text):
        return _complete(progress, pause)
    return _counted(progress, len(head), pause) if text.startswith(head) else left(progress, elsewhere=True)


def _is_closed(head: str) -> bool:
    """Whether a text ends with a bracket or quote and its closer, which an editor puts there by itself."""
    return len(head) > 1 and _CLOSERS.get(head[-2]) == head[-1]


def _complete(progress: Progress, pause: float) -> Progress:
    done = _counted(progress, len(progress.text), pause)
    place = Stretch(done.place.begin, done.place.begin + len(done.text))
    return replace(done, place=place, verdict=Verdict.ACCEPTED if done.taken else Verdict.TYPED)


def _counted(progress: Progress, reached: int, pause: float) -> Progress:
    """So much of the suggestion is there now: count what came, by hand or not."""
    piece = progress.text[progress.reached : reached]
    taken, typed = min(progress.taken, reached), min(progress.typed, reached)
    # What the editor closes by itself was not accepted either.
    if progress.told is None and _by_hand(piece.removesuffix(progress.closers), pause):
        typed += len(piece)
    else:
        # Not twice what the editor has told of before it came.
        taken = min(taken + len(piece), max(taken, reached - typed))
    return replace(progress, reached=reached, taken=taken, typed=typed, last=len(piece))


def _by_hand(piece: str, pause: float) -> bool:
    # A line end with the indentation that the editor adds is one key.
    visible = sum(not character.isspace() for character in piece)
    return visible <= 1 or (visible <= _BY_HAND and pause < _PAUSE)
