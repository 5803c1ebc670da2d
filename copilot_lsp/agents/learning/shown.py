"""What is on the screen now, and how does an answer or a change alter that?"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from copilot_lsp.agents.learning.cut import Cut, Stretch
from copilot_lsp.agents.learning.judge import Progress, begun, follow
from copilot_lsp.agents.learning.suggestion import Suggestion, Surface, Verdict
from copilot_lsp.core.document import Document
from copilot_lsp.core.fill import Fill

_ID_BYTES = 8
_DONE = (Verdict.ACCEPTED, Verdict.TYPED)


@dataclass(frozen=True, slots=True)
class Shown:
    """Suggestions that were answered together, the first of which is on the screen. `changed` is when the document was
    changed last, or they appeared; `told`: the editor said that they were shown.
    """

    uri: str
    surface: Surface
    several: tuple[Progress, ...]
    changed: float
    told: bool = False

    @property
    def first(self) -> Progress:
        return self.several[0]

    def index(self, name: str) -> int | None:
        """Which of the suggestions has that id."""
        return next((at for at, one in enumerate(self.several) if one.suggestion.id == name), None)


def shown_now(before: Shown | None, document: Document, fills: Sequence[Fill], surface: Surface, now: float) -> Shown:
    """What is on the screen after an answer. A fill that is what is left of a suggestion goes on being that one."""
    known = before.several if before else ()
    several = tuple(_same(known, document, fill) or _new(document, fill, surface, now) for fill in fills)
    if before is not None and goes_on(before, several):
        return replace(before, several=several)
    return Shown(document.uri, surface, several, now)


def goes_on(before: Shown, several: Sequence[Progress]) -> bool:
    """Whether the suggestion that was on the screen still is."""
    return bool(several) and several[0].suggestion is before.first.suggestion


def after_change(shown: Shown, cut: Cut, before: str, after: str, now: float) -> tuple[Shown, Progress | None]:
    """What is on the screen after a change of the document, and the suggestion that is judged by it, if one is.

    Of several the one that came true is judged; while one still may, the others are let go silently.
    """
    several = tuple(follow(one, cut, before, after, now - shown.changed) for one in shown.several)
    done = next((one for one in several if one.verdict in _DONE), None)
    left = tuple(one for one in several if one.verdict is None)
    if done is None and not left:
        done = next((one for one in several if one.verdict is Verdict.PARTLY), several[0])
    return replace(shown, several=left or several, changed=now), done


def _same(known: Sequence[Progress], document: Document, fill: Fill) -> Progress | None:
    offset = document.offset(fill.span.start)
    for one in known:
        begin = one.place.begin
        if begin <= offset <= one.place.end and document.text[begin:offset] + fill.text == one.text:
            return replace(one, offered=offset - begin)
    return None


def _new(document: Document, fill: Fill, surface: Surface, now: float) -> Progress:
    name = secrets.token_hex(_ID_BYTES)
    suggestion = Suggestion(name, fill.span, fill.text, fill.source, fill.confidence, document.language, surface, now)
    place = Stretch(document.offset(fill.span.start), document.offset(fill.span.end))
    return begun(suggestion, place, document.text)
