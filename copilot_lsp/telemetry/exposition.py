"""The metrics as Prometheus text."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from copilot_lsp.telemetry.metrics import METRICS, Metrics, Series

CONTENT_TYPE = CONTENT_TYPE_LATEST
PREFIX = "copilot_lsp_"
Family = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily


def exposition(metrics: Metrics = METRICS) -> bytes:
    """Everything counted so far. Takes some milliseconds: call it in a thread. Importing this module costs 60 ms."""
    registry = CollectorRegistry()
    registry.register(_Ours(metrics))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Ours(Collector):
    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def describe(self) -> list[Family]:
        """Nothing, so that registering does not already collect."""
        return []

    def collect(self) -> Iterator[Family]:
        for series in self._metrics.snapshot():
            yield _family(series)


def _family(series: Series) -> Family:
    metric = series.metric
    name, labels = PREFIX + metric.name, [label.name for label in metric.labels]
    if metric.kind == "histogram":
        family = HistogramMetricFamily(name, metric.help, labels=labels)
        bounds = [*(str(bound) for bound in metric.buckets), "+Inf"]
        for key, histogram in series.histograms.items():
            running, buckets = 0, list[tuple[str, float]]()
            for bound, number in zip(bounds, histogram.counts, strict=True):
                running += number
                buckets.append((bound, float(running)))
            family.add_metric(key, buckets, histogram.total)
        return family
    kind = CounterMetricFamily if metric.kind == "counter" else GaugeMetricFamily
    family = kind(name, metric.help, labels=labels)
    for key, value in _values(series):
        family.add_metric(key, value)
    return family


def _values(series: Series) -> Iterator[tuple[tuple[str, ...], float]]:
    """What was counted; a counter without labels shows 0 from the start, so that a rate sees its first increase."""
    if not series.values and not series.metric.labels and series.metric.kind == "counter":
        yield (), 0.0
    yield from series.values.items()
