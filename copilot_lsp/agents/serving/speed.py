"""How long does a model take, and is it worth waiting for?"""

from dataclasses import dataclass, field

# How much the newest measurement counts.
_NEWEST = 0.25
# How many typical deviations above the mean an answer has most likely come.
_DEVIATIONS = 2.0


@dataclass(slots=True)
class Average:
    """A moving average and how far values usually lie from it."""

    mean: float = 0.0
    spread: float = 0.0
    known: bool = False

    def learn(self, value: float) -> None:
        if not self.known:
            self.mean, self.known = value, True
            return
        away = value - self.mean
        self.mean += _NEWEST * away
        self.spread += _NEWEST * (abs(away) - self.spread)

    @property
    def likely(self) -> float:
        """What most values do not exceed."""
        return self.mean + _DEVIATIONS * self.spread


@dataclass(slots=True)
class Speed:
    """One model's speed as this session meets it. Times are in seconds, `pieces` is how many an answer has."""

    first: Average = field(default_factory=Average)
    each: Average = field(default_factory=Average)
    pieces: Average = field(default_factory=Average)

    def learn(self, waited: float, wrote: float, pieces: int) -> None:
        """An answer was read to its end: the first piece came after `waited`, the others took `wrote` in all."""
        self.first.learn(waited)
        self.pieces.learn(pieces)
        if pieces > 1:
            self.each.learn(wrote / (pieces - 1))

    def gave_up(self, waited: float) -> None:
        """Nothing had come after `waited`, when nobody wanted it any more."""
        if waited > self.first.mean:
            self.first.learn(waited)

    @property
    def expected(self) -> float | None:
        """When an answer has most likely come; None before the first one."""
        if not self.first.known or not self.pieces.known:
            return None
        return self.first.likely + self.each.likely * max(0.0, self.pieces.likely - 1)


def patience(speed: Speed, confidence: float, left: float, trust: float = 1.0) -> float:
    """Seconds to wait for a model while the embedded engine holds an answer of that confidence, 0 for none.

    The surer that one is beside the `trust` in the model, the less waiting gains; a model that will not be there in
    time is not waited for at all, its answer serves the next keystroke.
    """
    if not confidence:
        return left
    worth = left * max(0.0, 1.0 - confidence / trust)
    expected = speed.expected
    return worth if expected is None or expected <= worth else 0.0
