"""What becomes of the suggestions of one session?

Told by the server what was answered and what was changed, and by editors that can say so what was shown and accepted.
Unsaved text stays here: what leaves for the journal is numbers. Everything runs on the event loop and is quick; while
nothing is open, a change costs a look-up.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from copilot_lsp.agents.learning.cut import cut_of
from copilot_lsp.agents.learning.journal import Journal
from copilot_lsp.agents.learning.judge import Progress, left, told_partly
from copilot_lsp.agents.learning.kept import Accepted, Kept
from copilot_lsp.agents.learning.learned import Learned
from copilot_lsp.agents.learning.shown import Shown, after_change, goes_on, shown_now
from copilot_lsp.agents.learning.suggestion import Outcome, Surface, Verdict
from copilot_lsp.agents.learning.turned_down import WENT_AWAY, WROTE_ELSE, TurnedDown, followed, noted
from copilot_lsp.core.document import Document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.fill import Fill
from copilot_lsp.core.text import Position
from copilot_lsp.telemetry.metrics import count

# What was on the screen for less than this was not read: nobody has rejected it.
_READ = 0.3
# Accepted lines that are remembered, the newest; shorter ones are brackets and the like.
_LINES = 100
_LINE_LENGTH = 4


class Outcomes:
    """One per session. `texts` gives an open document as it is now; `warn` hears what a person should know; `clock` is
    monotonic, in seconds.
    """

    def __init__(
        self,
        journal: Journal,
        texts: Callable[[str], Document | None],
        warn: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.kept = Kept(lambda uri: found.text if (found := texts(uri)) else "", journal.add, self._unlearn, clock)
        self._journal = journal
        self._deaf = journal.listen(warn)
        self._texts = texts
        self._clock = clock
        self._open: dict[tuple[str, Surface], Shown] = {}
        self._turned_down: dict[str, tuple[TurnedDown, ...]] = {}
        self._lines: deque[str] = deque(maxlen=_LINES)
        self._known: frozenset[str] = frozenset()
        self._typed: tuple[Shown, Progress] | None = None
        self._tells_shown = False

    def learned(self, uri: str) -> Learned:
        """What completions in a document may know at this moment."""
        self._journal.begin()
        return Learned(self._turned_down.get(uri, ()), self._known, self._journal.calibration)

    # What the server does.

    def answered(
        self, document: Document, cursor: Position, fills: Sequence[Fill], surface: Surface
    ) -> tuple[str, ...]:
        """An answer goes to the client: an id for each fill, none when the document has changed since it was asked.

        What was on the screen is judged, unless the answer is what is left of it.
        """
        current = self._texts(document.uri)
        if current is None or current.text != document.text:
            return ()
        place = (document.uri, surface)
        before = self._open.pop(place, None)
        shown = shown_now(before, document, fills, surface, self._clock())
        if before is not None and not goes_on(before, shown.several):
            self._leave(before, document.offset(cursor))
        if shown.several:
            self._open[place] = shown
        return tuple(one.suggestion.id for one in shown.several)

    def changed(self, before: Document, edit: Edit, after: Document) -> None:
        """The client changed a document."""
        uri = before.uri
        turned_down = self._turned_down.get(uri)
        inline, popup = self._open.get((uri, "inline")), self._open.get((uri, "popup"))
        if not (turned_down or inline or popup or len(self.kept)) or (cut := cut_of(before, edit)) is None:
            return
        self._typed = None
        if turned_down:
            self._turned_down[uri] = followed(turned_down, cut)
        self.kept.follow(uri, cut)
        for shown in filter(None, (inline, popup)):
            place = (uri, shown.surface)
            if place in self._open:
                self._open[place], judged = after_change(shown, cut, before.text, after.text, self._clock())
                if judged is not None:
                    self._judged(self._open.pop(place), judged)

    def closed(self, uri: str) -> None:
        """A document is not open any more, or was opened anew with another text."""
        for place in [place for place in self._open if place[0] == uri]:
            self._leave(self._open.pop(place), None)
        self._turned_down.pop(uri, None)
        self.kept.forget(uri)

    async def close(self) -> None:
        """The session ends: judge what is open, and have all written."""
        for uri in {uri for uri, _ in self._open}:
            self.closed(uri)
        await self._journal.flush()
        self._deaf()

    # What editors tell. Ids of suggestions that are not open any more are no news.

    def shown(self, name: str) -> None:
        """The suggestion is on the screen. Of an editor that says so, what it does not name was not shown."""
        self._tells_shown = True
        for place, shown in self._open.items():
            if shown.index(name) is not None:
                self._open[place] = replace(shown, told=True)

    def accepted(self, name: str) -> None:
        """The suggestion was accepted; its text comes with the next change, or came with the last one."""
        if self._typed is not None and self._typed[1].suggestion.id == name:
            shown, one = self._typed
            self._typed = None
            one = replace(one, taken=one.taken + one.last, typed=one.typed - one.last)
            self._settle(shown, replace(one, told=Verdict.ACCEPTED, verdict=Verdict.ACCEPTED))
        self.kept.told(name)
        self._tell(name, lambda one: replace(one, told=Verdict.ACCEPTED))

    def partly(self, name: str, length: int) -> None:
        """The first `length` characters of the suggestion, as it was shown last, were accepted."""
        self._tell(name, lambda one: told_partly(one, length))

    def rejected(self, name: str) -> None:
        """The person has dismissed the suggestion."""
        for place, shown in tuple(self._open.items()):
            at = shown.index(name)
            if at is not None:
                del self._open[place]
                self._settle(shown, left(shown.several[at], elsewhere=True), told=True)

    def _tell(self, name: str, said: Callable[[Progress], Progress]) -> None:
        for place, shown in self._open.items():
            at = shown.index(name)
            if at is not None:
                self._open[place] = replace(shown, several=(said(shown.several[at]),), told=True)

    # Judging.

    def _leave(self, shown: Shown, cursor: int | None) -> None:
        """Something else is shown, with the cursor at an offset; None: nothing is, the document is gone."""
        place = shown.first.place
        elsewhere = cursor is not None and not place.begin <= cursor <= place.end
        self._settle(shown, left(shown.first, elsewhere=elsewhere), weight=WENT_AWAY)

    def _judged(self, shown: Shown, one: Progress) -> None:
        """A change has decided: the same text in the popup is no second suggestion."""
        if one.verdict in (Verdict.ACCEPTED, Verdict.TYPED) and shown.surface == "inline":
            self._open.pop((shown.uri, "popup"), None)
        self._settle(shown, one)
        if one.verdict is Verdict.TYPED:
            self._typed = (shown, one)

    def _settle(self, shown: Shown, one: Progress, *, told: bool = False, weight: int = WROTE_ELSE) -> None:
        """Note what became of a suggestion, and draw the consequences within the session."""
        verdict = one.verdict or Verdict.IGNORED
        seen = self._clock() - one.suggestion.at >= _READ and shown.surface == "inline"
        if verdict is Verdict.REJECTED and not told and not seen:
            verdict = Verdict.IGNORED
        if verdict in (Verdict.REJECTED, Verdict.IGNORED) and self._tells_shown and not shown.told:
            return
        outcome = self._outcome(one, verdict, told=told or one.told is not None)
        self._journal.add(outcome)
        count("suggestions_total", source=outcome.source, outcome=verdict.value)
        if verdict is Verdict.REJECTED:
            new = TurnedDown(one.place.begin, one.text, weight)
            self._turned_down[shown.uri] = noted(self._turned_down.get(shown.uri, ()), new)
        elif verdict in (Verdict.ACCEPTED, Verdict.PARTLY):
            self._keep(shown, one, outcome)

    def _keep(self, shown: Shown, one: Progress, outcome: Outcome) -> None:
        count("suggestion_characters_total", outcome.taken, source=outcome.source)
        text = one.text[: one.reached]
        if not text:
            return
        place = replace(one.place, end=one.place.begin + len(text))
        self.kept.add(Accepted(one.suggestion.id, outcome, shown.uri, text, place, self._clock()))
        self._lines.extend(_lines(text))
        self._known = frozenset(self._lines)

    def _unlearn(self, text: str) -> None:
        """It was accepted and then deleted or rewritten: its lines are not what this person likes."""
        gone = _lines(text)
        self._lines = deque((line for line in self._lines if line not in gone), maxlen=_LINES)
        self._known = frozenset(self._lines)

    def _outcome(self, one: Progress, verdict: Verdict, *, told: bool) -> Outcome:
        suggestion = one.suggestion
        age = self._clock() - suggestion.at
        return Outcome(
            id=int(suggestion.id, 16) >> 1,
            at=time.time() - age,
            language=suggestion.language,
            source=suggestion.source,
            surface=suggestion.surface,
            confidence=round(suggestion.confidence, 4),
            lines=suggestion.text.count("\n") + 1,
            length=len(suggestion.text),
            verdict=verdict,
            told=told,
            taken=one.taken,
            typed=one.typed,
            seconds=round(age, 3),
        )


def _lines(text: str) -> list[str]:
    """The lines of a text that tell something, without indentation."""
    return [line for part in text.splitlines() if len(line := part.strip()) >= _LINE_LENGTH]
