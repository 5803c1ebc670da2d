"""How often and how long things happen, counted under the names of one table.

`count`, `gauge` and `observe` take a name of `table.TABLE` and exactly its labels; anything else raises ValueError, so
a misspelt metric fails in the first test that passes it. Counting is a dictionary update of our own, about a
microsecond; `exposition` turns the numbers into Prometheus text when somebody scrapes.
"""

import logging
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock

from copilot_lsp.telemetry.table import TABLE, Kind, Metric

log = logging.getLogger(__name__)
Key = tuple[str, ...]
_BEGAN = time.monotonic()  # this module is imported within the first tenths of a second of a process


@dataclass(slots=True)
class Histogram:
    """Counts per bucket (the last one is unbounded), their sum, and how many."""

    counts: list[int]
    total: float = 0.0
    number: int = 0


@dataclass(slots=True)
class Series:
    """The values of one metric, one for each set of label values."""

    metric: Metric
    values: dict[Key, float] = field(default_factory=dict[Key, float])
    histograms: dict[Key, Histogram] = field(default_factory=dict[Key, Histogram])
    seen: dict[str, set[str]] = field(default_factory=dict[str, set[str]])


class Metrics:
    """The values of every metric of a table. Safe to use from any thread."""

    def __init__(self, table: Iterable[Metric]) -> None:
        self._series = {metric.name: Series(metric) for metric in table}
        self._lock = Lock()
        self._refreshers: list[Callable[[], None]] = []

    def count(self, name: str, amount: float = 1, /, **labels: str) -> None:
        """Add to a counter."""
        series = self._of(name, "counter")
        with self._lock:
            key = _key(series, labels)
            series.values[key] = series.values.get(key, 0.0) + amount

    def gauge(self, name: str, value: float, /, **labels: str) -> None:
        """Set a gauge."""
        series = self._of(name, "gauge")
        with self._lock:
            series.values[_key(series, labels)] = value

    def observe(self, name: str, value: float, /, **labels: str) -> None:
        """Add one value to a histogram."""
        series = self._of(name, "histogram")
        buckets = series.metric.buckets
        with self._lock:
            key = _key(series, labels)
            histogram = series.histograms.get(key)
            if histogram is None:
                histogram = series.histograms[key] = Histogram([0] * (len(buckets) + 1))
            histogram.counts[bisect_left(buckets, value)] += 1
            histogram.total += value
            histogram.number += 1

    def value(self, name: str, /, **labels: str) -> float:
        """The value of a counter or gauge, or how many values a histogram holds; 0 before the first."""
        series = self._series[name]
        with self._lock:
            key = _key(series, labels)
            histogram = series.histograms.get(key)
            return histogram.number if histogram else series.values.get(key, 0.0)

    def refresh_with(self, refresher: Callable[[], None]) -> Callable[[], None]:
        """Call `refresher` before each scrape, to set gauges that are costly to keep; call what is returned to stop."""
        self._refreshers.append(refresher)
        return lambda: self._refreshers.remove(refresher)

    def snapshot(self) -> list[Series]:
        """A copy of everything, in the order of the table, after the refreshers have run."""
        for refresher in tuple(self._refreshers):
            try:
                refresher()
            except (OSError, RuntimeError, ValueError) as error:  # what it reads is being closed or changed
                log.debug("a gauge was not refreshed: %s", error)
        with self._lock:
            return [
                Series(
                    series.metric,
                    dict(series.values),
                    {key: Histogram([*one.counts], one.total, one.number) for key, one in series.histograms.items()},
                )
                for series in self._series.values()
            ]

    def clear(self) -> None:
        """Forget all values."""
        with self._lock:
            self._series = {name: Series(series.metric) for name, series in self._series.items()}

    def _of(self, name: str, kind: Kind) -> Series:
        series = self._series.get(name)
        if series is None or series.metric.kind != kind:
            raise ValueError(f"no {kind} named {name!r}; every metric is a row in telemetry/table.py")
        return series


def _key(series: Series, labels: dict[str, str]) -> Key:
    """The label values in the table's order, each bounded as the table says. Called with the lock held."""
    declared = series.metric.labels
    try:
        key = tuple([labels[label.name] for label in declared])
    except KeyError as missing:
        raise ValueError(f"{series.metric.name} needs the label {missing}") from None
    if len(labels) != len(declared):
        unknown = ", ".join(sorted(labels.keys() - {label.name for label in declared}))
        raise ValueError(f"{series.metric.name} has no label {unknown}")
    if key in series.values or key in series.histograms:
        return key
    return tuple([label.bounded(value, series.seen) for label, value in zip(declared, key, strict=True)])


METRICS = Metrics(TABLE)
count = METRICS.count
gauge = METRICS.gauge
observe = METRICS.observe


def uptime() -> float:
    """Seconds since the process began."""
    return time.monotonic() - _BEGAN


METRICS.refresh_with(lambda: gauge("uptime_seconds", uptime()))
