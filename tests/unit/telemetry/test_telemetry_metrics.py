"""Metrics: one table, bounded labels, valid Prometheus text, and no misspelt name anywhere in the code."""

import ast
import math
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

import copilot_lsp
from copilot_lsp.telemetry.document import metrics_page
from copilot_lsp.telemetry.exposition import exposition
from copilot_lsp.telemetry.health import Health
from copilot_lsp.telemetry.lag import watch_loop
from copilot_lsp.telemetry.memory import Memory
from copilot_lsp.telemetry.metrics import METRICS, Metrics
from copilot_lsp.telemetry.span import ATTRIBUTES
from copilot_lsp.telemetry.table import TABLE, Label, Metric

PACKAGE = Path(copilot_lsp.__file__).parent
SMALL = (
    Metric("hits_total", "counter", "", "Hits", (Label("method", most=2), Label("outcome", ("ok", "error")))),
    Metric("wait_seconds", "histogram", "seconds", "Wait", (), (0.1, 1.0)),
    Metric("depth", "gauge", "", 'Depth of "a" \\ queue', (Label("lane"),)),
)


def families(metrics: Metrics) -> dict[str, dict[tuple[str, ...], float]]:
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(exposition(metrics).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_what_was_counted_is_exposed() -> None:
    metrics = Metrics(SMALL)
    metrics.count("hits_total", method="hover", outcome="ok")
    metrics.count("hits_total", 2, method="hover", outcome="ok")
    metrics.gauge("depth", 3, lane='odd "lane"\n')
    for value in (0.1, 0.5, 7.0):
        metrics.observe("wait_seconds", value)
    found = families(metrics)
    assert found["copilot_lsp_hits_total"] == {("hover", "ok"): 3}
    assert found["copilot_lsp_depth"] == {('odd "lane"\n',): 3}
    assert list(found["copilot_lsp_wait_seconds_bucket"].values()) == [1, 2, 3]
    assert math.isclose(found["copilot_lsp_wait_seconds_sum"][()], 7.6)
    assert found["copilot_lsp_wait_seconds_count"][()] == 3
    assert metrics.value("hits_total", method="hover", outcome="ok") == 3
    assert metrics.value("wait_seconds") == 3
    metrics.clear()
    assert metrics.value("wait_seconds") == 0


def test_labels_are_bounded_against_hostile_values() -> None:
    metrics = Metrics(SMALL)
    for number in range(1000):
        metrics.count("hits_total", method=f"evil/{number}", outcome=f"o{number}")
    assert families(metrics)["copilot_lsp_hits_total"] == {
        ("evil/0", "other"): 1,
        ("evil/1", "other"): 1,
        ("other", "other"): 998,
    }


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda m: m.count("hits", method="a", outcome="ok"), "no counter named 'hits'"),
        (lambda m: m.gauge("hits_total", 1), "no gauge named 'hits_total'"),
        (lambda m: m.count("hits_total", method="a"), "needs the label 'outcome'"),
        (lambda m: m.count("hits_total", method="a", outcome="ok", path="x"), "has no label path"),
    ],
)
def test_misspelt_names_and_labels_raise(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(Metrics(SMALL))


def test_refreshers_run_before_each_scrape_until_removed() -> None:
    metrics = Metrics(SMALL)
    calls: list[int] = []

    def refresh() -> None:
        calls.append(1)
        metrics.gauge("depth", len(calls), lane="a")

    stop = metrics.refresh_with(refresh)
    assert families(metrics)["copilot_lsp_depth"] == {("a",): 1}
    stop()
    assert families(metrics)["copilot_lsp_depth"] == {("a",): 1}


def test_a_refresher_that_fails_costs_its_gauge_only() -> None:
    metrics = Metrics(SMALL)

    def fail() -> None:
        raise RuntimeError("dictionary changed size during iteration")

    metrics.refresh_with(fail)
    metrics.gauge("depth", 1, lane="a")
    assert families(metrics)["copilot_lsp_depth"] == {("a",): 1}


def test_the_table_is_consistent_and_its_empty_exposition_parses() -> None:
    names = [metric.name for metric in TABLE]
    assert len(set(names)) == len(names)
    for metric in TABLE:
        assert metric.name.endswith("_total") == (metric.kind == "counter"), metric.name
        assert bool(metric.buckets) == (metric.kind == "histogram"), metric.name
        assert list(metric.buckets) == sorted(set(metric.buckets))
        assert metric.unit in ("", "seconds", "bytes", "tokens")
        assert not metric.unit or metric.unit in metric.name, metric.name
        assert all(len(label.values) or label.most <= 100 for label in metric.labels)
    families_of_names = [name.removesuffix("_total") for name in names]
    assert len(set(families_of_names)) == len(names)  # a counter x_total and a gauge x would be one family
    assert "copilot_lsp_uptime_seconds" in families(METRICS)


def _called(call: ast.Call) -> str:
    """The name of what is called, also where it is called through its module: `metrics.count`."""
    function = call.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "metrics":
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _calls() -> list[tuple[str, ast.Call]]:
    return [
        (file.relative_to(PACKAGE).as_posix(), node)
        for file in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and _called(node) in ("count", "gauge", "observe", "span")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def test_every_metric_and_span_named_in_the_code_exists() -> None:
    """A name in a branch that no test reaches would raise only in front of a user."""
    table = {metric.name: metric for metric in TABLE}
    layers = {folder.name for folder in PACKAGE.iterdir() if folder.is_dir()}
    calls = _calls()
    assert calls
    for where, call in calls:
        function = _called(call)
        name = ast.literal_eval(call.args[0])
        given = {keyword.arg for keyword in call.keywords if keyword.arg}
        if function == "span":
            assert name.partition(".")[0] in layers, f"{where}: span {name}"
            assert given <= ATTRIBUTES.keys(), f"{where}: span {name}"
            continue
        kind = {"count": "counter", "gauge": "gauge", "observe": "histogram"}[function]
        assert name in table, f"{where}: {name}"
        assert table[name].kind == kind, f"{where}: {name}"
        if all(keyword.arg for keyword in call.keywords):
            assert given == {label.name for label in table[name].labels}, f"{where}: {name}"


def test_every_metric_of_the_table_is_counted_somewhere() -> None:
    """A row that nobody counts is a promise that the documentation makes and the program breaks."""
    counted = {ast.literal_eval(call.args[0]) for _, call in _calls()}
    assert [metric.name for metric in TABLE if metric.name not in counted] == []


def test_the_documentation_is_what_the_table_says() -> None:
    page = PACKAGE.parent / "docs" / "metrics.md"
    assert page.read_text(encoding="utf-8") == metrics_page(), (
        "run: python -m copilot_lsp.telemetry.document > docs/metrics.md"
    )


def test_memory_adds_up_components_and_reports_processes() -> None:
    memory = Memory()
    memory.watch("cache", lambda: 10)
    stop = memory.watch("cache", lambda: 5)

    def closed() -> int:
        raise ValueError("mapping is closed")

    memory.watch("corpus", closed)
    report = memory.report()
    assert report["cache"] == 15
    assert "corpus" not in report
    assert report["process"] > 1_000_000
    assert report["workers"] >= 0
    stop()
    assert memory.report()["cache"] == 10
    unpublish = memory.publish()
    assert families(METRICS)["copilot_lsp_memory_bytes"][("cache",)] == 10
    unpublish()


async def test_a_late_loop_is_noticed() -> None:
    import asyncio
    import time

    METRICS.clear()
    watcher = asyncio.create_task(watch_loop(0.01))
    await asyncio.sleep(0.005)
    time.sleep(0.08)  # noqa: ASYNC251 - stalling this loop is the point
    await asyncio.sleep(0.02)
    watcher.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watcher
    buckets = families(METRICS)["copilot_lsp_loop_lag_seconds_bucket"]
    assert buckets[("+Inf",)] > buckets[("0.05",)]


def test_health_says_what_changed_and_orders_the_worst_first() -> None:
    health = Health()
    assert health.set("models", "down", "Ollama does not answer")
    since = health.report()["components"]["models"]["since"]
    assert not health.set("models", "down", "still not")
    assert health.report()["components"]["models"]["since"] == since
    assert health.set("index", "degraded", "read-only disk")
    assert health.set("agents", "ok")
    assert list(health.report()["components"]) == ["models", "index", "agents"]
    assert health.report()["status"] == "degraded"
    assert health.status("models") == "down"
    assert health.status("never reported") == "ok"
    health.forget("models")
    health.set("index", "ok")
    assert health.report()["status"] == "ok"
    assert METRICS.value("health", component="index") == 2
