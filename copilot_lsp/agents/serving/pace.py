"""Does this client ask at every keystroke, and how long is it worth to wait for the next one?

Most editors wait for a pause before they ask. For those that do not, a model would begin an answer at every key and
throw it away at the next one.
"""

import time
from collections import deque
from statistics import median

# A client that asks within this time after a change has no delay of its own; the least that editors have is 45 ms.
_EAGER = 0.02
# Keys that follow each other more slowly than this are no typing.
_TYPING = 0.25
_LONGEST = 0.2
_MARGIN = 1.1
# Who has not typed for so long has stopped, and is asked for however much was written in vain before.
REST = 1.0
_SEEN = 6


class Pace:
    """The rhythm of one session's changes and questions."""

    def __init__(self) -> None:
        self._changed = 0.0
        self._between: deque[float] = deque(maxlen=_SEEN)
        self._gaps: deque[float] = deque(maxlen=_SEEN)

    def changed(self) -> None:
        """A key was typed."""
        now = time.monotonic()
        self._between.append(now - self._changed)
        self._changed = now

    def asked(self, at: float) -> None:
        """The client asked for a completion, in a message that came at that moment."""
        self._gaps.append(max(0.0, at - self._changed))

    def delay(self, expected: float | None, care: float = 0.0) -> float:
        """Seconds that a model which is expected to take so long is not to be asked yet; 0 for most clients.

        A model that answers before the next key comes loses nothing. With `care` from 0 to 1 it is asked the later,
        until only who has stopped typing asks.
        """
        if len(self._between) < _SEEN or len(self._gaps) < _SEEN or median(self._gaps) > _EAGER:
            return 0.0
        usual = median(self._between)
        if usual > _TYPING or (expected is not None and expected < usual and not care):
            return 0.0
        # All keys but the slowest come within this time.
        slow = min(_LONGEST, sorted(self._between)[-2] * _MARGIN)
        return max(0.0, slow + care * (REST - slow) - (time.monotonic() - self._changed))
