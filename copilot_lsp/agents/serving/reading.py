"""How fast does a model read, and how much is it given to read for that?

Its server keeps what a prompt begins with, so that a key costs the text behind the cursor and what was typed; a cursor
that has gone elsewhere costs the whole prompt. What others ask of the same model slows it down, too: all of that is in
the time until the first piece of its answer.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from copilot_lsp.core.fill import Chunk

# As prompts are packed before a server has said otherwise.
_CHARACTERS_PER_TOKEN = 3.0
# Seconds that reading a whole prompt, and reading what stands behind the cursor, should take.
_WHOLE, _BEHIND = 5.0, 0.12
# Tokens: the least, what an unknown model gets, the most. Each is a power of two times the least.
_CONTEXT = (1_024, 2_048, 65_536)
_SUFFIX = (96, 384, 768)
# Sizes move by factors of two, and only when the speed clearly says so: a prompt that is packed otherwise is read anew.
_SURE = 1.25
_SEEN, _ENOUGH = 9, 3
# Of less than this, the time is not that of reading.
_LEAST_READ = 24.0


@dataclass(frozen=True, slots=True)
class Room:
    """How many tokens a prompt may have together with its answer, and how many of them the text behind the cursor."""

    tokens: int
    suffix: int


class Reading:
    """One model as one session meets it."""

    def __init__(self) -> None:
        self._rates: deque[float] = deque(maxlen=_SEEN)
        self._room = Room(_CONTEXT[1], _SUFFIX[1])
        self._chunks: Sequence[Chunk] = ()
        self._before = ""

    def asked(self, chunks: Sequence[Chunk], before: str, after: str) -> float:
        """A prompt is sent that holds those chunks, and the text around the cursor as far as there is room.

        The answer is how many tokens of it are most likely read anew.
        """
        whole = float(self._room.tokens)
        behind = min(len(after) / _CHARACTERS_PER_TOKEN, self._room.suffix)
        grown = before.startswith(self._before) if len(before) >= len(self._before) else self._before.startswith(before)
        if self._before and grown and chunks == self._chunks:
            new = max(0, len(before) - len(self._before))
        else:
            new = sum(len(one.text) for one in chunks) + len(before)
        self._chunks, self._before = chunks, before
        return min(whole, behind + new / _CHARACTERS_PER_TOKEN)

    def answered(self, anew: float, waited: float) -> None:
        """The first piece of an answer for which so many tokens were read came after so many seconds."""
        if anew >= _LEAST_READ and waited > 0:
            self._rates.append(anew / waited)
        if len(self._rates) >= _ENOUGH:
            rate = median(self._rates)
            tokens = _sized(self._room.tokens, rate * _WHOLE, _CONTEXT)
            self._room = Room(tokens, _sized(self._room.suffix, rate * _BEHIND, _SUFFIX))

    def room(self, most: int) -> Room:
        """What a prompt may have, within `most` tokens."""
        return Room(min(self._room.tokens, most), self._room.suffix)


def _sized(now: int, wanted: float, bounds: tuple[int, int, int]) -> int:
    """The size that comes next to what is wanted, and stays the same while that is not quite another."""
    least, _, most = bounds
    while now < most and now * 2 * _SURE <= wanted:
        now *= 2
    while now > least and now > wanted * _SURE:
        now //= 2
    return now
