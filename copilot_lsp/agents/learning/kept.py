"""Does what was accepted still stand some time later?"""

import asyncio
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from copilot_lsp.agents.learning.cut import Cut, Stretch, moved
from copilot_lsp.agents.learning.distance import likeness
from copilot_lsp.agents.learning.suggestion import Outcome
from copilot_lsp.telemetry.metrics import observe

# Seconds after an accept at which is looked. The columns of the stored rows are named after them.
AGES = (30, 90, 180, 360)
# Accepted texts that are looked at again, the newest.
_MOST = 500
_LOST = 0.5


@dataclass(slots=True)
class Accepted:
    """One accepted text and where it stands now.

    `name` is the suggestion's id, `since` is on the monotonic clock, `looked` counts the looks.
    """

    name: str
    outcome: Outcome
    uri: str
    text: str
    place: Stretch
    since: float
    looked: int = 0

    @property
    def due(self) -> float:
        """When to look next; never again after the last look."""
        return self.since + AGES[self.looked] if self.looked < len(AGES) else math.inf

    def follow(self, cut: Cut) -> None:
        """The document was changed."""
        old, self.place = self.place, moved(self.place, cut)
        if cut.start < old.begin and cut.stop > old.end and (found := cut.text.find(self.text)) >= 0:
            # All around it was replaced, as formatters do, and it is still in there.
            self.place = Stretch(cut.start + found, cut.start + found + len(self.text))

    def look(self, text: str) -> float:
        """Which share of it stands in the document's text now; noted as the one of the age that was due."""
        share = round(likeness(self.text, text[self.place.begin : self.place.end]), 4)
        kept = self.outcome.kept
        self.outcome = replace(self.outcome, kept=(*kept[: self.looked], share, *kept[self.looked + 1 :]))
        self.looked += 1
        return share


@dataclass(slots=True, eq=False)
class Kept:
    """The accepted texts of one session. `text` gives an open document's text, `note` takes what was found,
    `lost` a text of which more than half is gone.
    """

    text: Callable[[str], str]
    note: Callable[[Outcome], None]
    lost: Callable[[str], None]
    clock: Callable[[], float]
    _accepted: deque[Accepted] = field(default_factory=lambda: deque[Accepted](maxlen=_MOST))
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def __len__(self) -> int:
        return len(self._accepted)

    def add(self, accepted: Accepted) -> None:
        """Look at this one from now on."""
        self._accepted.append(accepted)
        self._news.set()

    def told(self, name: str) -> None:
        """The editor confirms that a suggestion was accepted."""
        for one in self._accepted:
            if one.name == name and not one.outcome.told:
                one.outcome = replace(one.outcome, told=True)
                self.note(one.outcome)

    def follow(self, uri: str, cut: Cut) -> None:
        """A document was changed."""
        for one in self._accepted:
            if one.uri == uri:
                one.follow(cut)

    def forget(self, uri: str) -> None:
        """A document is closed: what stands in it later is not known."""
        for one in tuple(self._accepted):
            if one.uri == uri:
                self._accepted.remove(one)

    async def watch(self) -> None:
        """Look when it is time, until cancelled: one task for all of them, which the session owns."""
        while True:
            due = min((one.due for one in self._accepted), default=None)
            try:
                async with asyncio.timeout(None if due is None else max(0.0, due - self.clock())):
                    await self._news.wait()
            except TimeoutError:
                pass
            self._news.clear()
            self.look()

    def look(self) -> None:
        """Look at those whose time has come."""
        now = self.clock()
        for one in tuple(self._accepted):
            while one.due <= now:
                age = AGES[one.looked]
                share = one.look(self.text(one.uri))
                observe("suggestion_kept_ratio", share, after=str(age))
                self.note(one.outcome)
                if share < _LOST:
                    self.lost(one.text)
            if one.due == math.inf:
                self._accepted.remove(one)
