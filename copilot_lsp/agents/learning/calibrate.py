"""How sure must a suggestion be to be shown to this person, going by what became of earlier ones?

A confidence of 0.3 was right three times in ten on other code. For this person and a language it may be another rate:
how much another is estimated from all suggestions together, then the rate within each bucket of confidence, each with a
prior that few suggestions hardly move. Without experience the engine's own threshold holds. It rises over a confidence
that was tried and has proved right too seldom, and falls back as the experience grows old.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

BUCKETS = 10
# Weights of the priors in suggestions: so many must say otherwise before the rate has moved half of the way.
_RATIO_PRIOR = 20.0
_BUCKET_PRIOR = 10.0
_RATIOS = (0.2, 2.0)
# Of what is shown at a confidence at least this share is to be right; before it was tried, more is hoped for.
_WANTED, _HOPED = 0.15, 0.3
# As if so many suggestions of a model had been seen before, and twice as many of them had been right as are asked for.
_MODEL_PRIOR = 20.0
# A model that is never right is asked all the same, where the engine knows next to nothing.
_LEAST_TRUST = 0.2
# A person who rejects everything still sees what is this sure, or nothing would ever tell that he would take it now.
_MOST = 0.6
_STEP = 0.01


@dataclass(frozen=True, slots=True)
class Tally:
    """Suggestions of one bucket, each weighted by its age: how many, how many proved right, their mean confidence."""

    shown: float
    right: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is known of one person: tallies by language, source and bucket."""

    tallies: Mapping[tuple[str, str], Mapping[int, Tally]] = field(
        default_factory=dict[tuple[str, str], Mapping[int, Tally]]
    )
    # Asked for at every keystroke, and the same each time.
    _known: dict[tuple[str, str, float], float] = field(default_factory=dict[tuple[str, str, float], float], repr=False)

    def threshold(self, language: str, source: str, base: float) -> float:
        """The least confidence to show in a language, where `base` is what holds without experience."""
        buckets, key = self.tallies.get((language, source)), (language, source, base)
        if buckets is None:
            return base
        if key not in self._known:
            self._known[key] = threshold(buckets, base)
        return self._known[key]

    def trust(self, language: str, source: str) -> float:
        """How sure a model's answer is taken to be, by what became of earlier ones: 1 until it proves right too seldom.

        An engine that is surer than this is shown first, and not kept waiting for the model. All answers of a model are
        compared with one of the engine here, so it takes less than a model's usual share to lose trust.
        """
        known = self.tallies.get((language, source), {}).values()
        right = sum(one.right for one in known) + _MODEL_PRIOR * _HOPED
        rate = right / (sum(one.shown for one in known) + _MODEL_PRIOR)
        return max(_LEAST_TRUST, min(1.0, rate / _WANTED))

    @property
    def sources(self) -> frozenset[str]:
        """The engines and models that something is known of."""
        return frozenset(source for _, source in self.tallies)

    def acceptance(self, source: str) -> float | None:
        """Which share of an engine's or model's suggestions proved right; None before there was any."""
        mine = [one for (_, name), buckets in self.tallies.items() if name == source for one in buckets.values()]
        shown = sum(one.shown for one in mine)
        return sum(one.right for one in mine) / shown if shown else None


def bucket_of(confidence: float) -> int:
    """The bucket that a confidence falls into."""
    return max(0, min(BUCKETS - 1, int(confidence * BUCKETS)))


def threshold(buckets: Mapping[int, Tally], base: float) -> float:
    """The least confidence from `base` on at which suggestions are right often enough."""
    ratio, confidence = _ratio(buckets.values()), base
    while confidence < _MOST and rate(buckets, ratio, confidence) < _WANTED:
        confidence = min(_MOST, confidence + _STEP)
    return confidence


def rate(buckets: Mapping[int, Tally], ratio: float, confidence: float) -> float:
    """How often a suggestion of that confidence proves right for this person, or is hoped to."""
    expected = max(_HOPED, min(1.0, ratio * confidence))
    tally = buckets.get(bucket_of(confidence))
    if tally is None:
        return expected
    # The bucket's own experience holds for its mean confidence; within the bucket the rate grows as expected.
    right = tally.right * min(2.0, confidence / max(0.01, tally.confidence))
    return (expected * _BUCKET_PRIOR + right) / (_BUCKET_PRIOR + tally.shown)


def _ratio(tallies: Iterable[Tally]) -> float:
    known = tuple(tallies)
    right = sum(one.right for one in known)
    expected = sum(one.shown * one.confidence for one in known)
    least, most = _RATIOS
    return max(least, min(most, (right + _RATIO_PRIOR * 0.3) / (expected + _RATIO_PRIOR * 0.3)))
