"""What a bench found: samples with their quantiles, ratios to a baseline of the same run, and whether bars are met."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

# How a sample, which is always in base units, is shown.
_SCALES = {"ms": 1000.0, "s": 1.0, "": 1.0}


@dataclass(frozen=True, slots=True)
class Samples:
    """Values of one kind, in seconds where `unit` is ms or s. `baseline` names the samples that a ratio is against."""

    label: str
    values: Sequence[float]
    unit: str = "ms"
    baseline: str = ""

    def quantile(self, share: float) -> float:
        """The smallest value that at least `share` of the values do not exceed; NaN without values."""
        if not self.values:
            return math.nan
        return sorted(self.values)[max(0, math.ceil(share * len(self.values)) - 1)]


@dataclass(frozen=True, slots=True)
class Bar:
    """A promise: `value` is at most `limit`, or at least where `least` is set. Both are shown in `unit` as they are."""

    label: str
    value: float
    limit: float
    unit: str = ""
    least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.limit if self.least else self.value <= self.limit


@dataclass(slots=True)
class Report:
    """The answer of one bench. `facts` are the numbers that are neither samples nor promises."""

    name: str
    about: str
    samples: list[Samples] = field(default_factory=list[Samples])
    facts: dict[str, str] = field(default_factory=dict[str, str])
    bars: list[Bar] = field(default_factory=list[Bar])

    def ratio(self, samples: Samples) -> float:
        """Median over the baseline's median; NaN where there is none."""
        against = next((one for one in self.samples if one.label == samples.baseline), None)
        if against is None or not samples.values or not against.values:
            return math.nan
        return median(samples.values) / median(against.values)

    def lines(self) -> list[str]:
        """The report for a person."""
        shown = [f"{self.name}: {self.about}"]
        width = max((len(one.label) for one in self.samples), default=0)
        if self.samples:
            shown.append(f"  {'':{width}}  {'n':>6}{'p50':>11}{'p95':>11}{'p99':>11}{'max':>11}   ratio of medians")
        for one in self.samples:
            figures = "".join(f"{_shown(one.quantile(share), one.unit):>11}" for share in (0.5, 0.95, 0.99, 1.0))
            ratio = self.ratio(one)
            against = "" if math.isnan(ratio) else f"   {ratio:.2f} x {one.baseline}"
            shown.append(f"  {one.label:{width}}  {len(one.values):>6}{figures}{against}")
        shown += [f"  {label}: {value}" for label, value in self.facts.items()]
        for bar in self.bars:
            limit = f"{'>=' if bar.least else '<='} {bar.limit:g} {bar.unit}".rstrip()
            verdict = "met" if bar.met else "MISSED"
            shown.append(f"  {verdict}: {bar.label} {bar.value:.3g} {bar.unit}".rstrip() + f" ({limit})")
        return shown

    def tree(self) -> dict[str, Any]:
        """The report for a program, in base units."""
        return {
            "name": self.name,
            "about": self.about,
            "samples": [
                {
                    "label": one.label,
                    "count": len(one.values),
                    "unit": "s" if one.unit else "",
                    **{f"p{share:g}": _finite(one.quantile(share / 100)) for share in (50, 95, 99, 100)},
                    "baseline": one.baseline or None,
                    "ratio": _finite(self.ratio(one)),
                }
                for one in self.samples
            ],
            "facts": self.facts,
            "bars": [
                {"label": bar.label, "value": _finite(bar.value), "limit": bar.limit, "unit": bar.unit, "met": bar.met}
                for bar in self.bars
            ],
        }


def _shown(value: float, unit: str) -> str:
    return "-" if math.isnan(value) else f"{value * _SCALES[unit]:.2f} {unit}".rstrip()


def _finite(value: float) -> float | None:
    return None if math.isnan(value) else value
