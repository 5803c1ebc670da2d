"""Spans as OpenTelemetry's: parents, attributes, a collector that is down, and no import before it is asked for."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from copilot_lsp.core.errors import SettingsError
from copilot_lsp.telemetry.export import SpanExport, export_spans, otlp
from copilot_lsp.telemetry.metrics import METRICS
from copilot_lsp.telemetry.span import LISTENERS, span


@pytest.fixture
def memory() -> Iterator[tuple[InMemorySpanExporter, SpanExport]]:
    exporter = InMemorySpanExporter()
    export = export_spans(lambda: exporter, every=60)
    yield exporter, export
    export.close()


async def test_an_agents_action_arrives_with_its_parent_and_attributes(
    memory: tuple[InMemorySpanExporter, SpanExport],
) -> None:
    exporter, export = memory

    async def act() -> None:
        with span("agents.run", agent="complete", lane="interactive") as current:
            with span("providers.complete", model="qwen", tokens_in=7, tokens_out=3):
                await asyncio.sleep(0)
            current.set(outcome="ok", tokens=10)

    with span("lsp.dispatch", method="textDocument/inlineCompletion"):
        await asyncio.create_task(act())
    with pytest.raises(OSError), span("index.search"):
        raise OSError
    await asyncio.to_thread(export.close)

    by_name = {one.name: one for one in exporter.get_finished_spans()}
    request, action, call = by_name["lsp.dispatch"], by_name["agents.run"], by_name["providers.complete"]
    assert request.parent is None
    assert action.parent is not None
    assert call.parent is not None
    assert action.parent.span_id == request.context.span_id
    assert call.parent.span_id == action.context.span_id
    assert {one.context.trace_id for one in (request, action, call)} == {request.context.trace_id}
    assert dict(action.attributes or {}) == {
        "copilot_lsp.agent": "complete",
        "copilot_lsp.lane": "interactive",
        "copilot_lsp.outcome": "ok",
        "copilot_lsp.tokens": 10,
    }
    assert dict(call.attributes or {}) == {
        "gen_ai.request.model": "qwen",
        "gen_ai.usage.input_tokens": 7,
        "gen_ai.usage.output_tokens": 3,
    }
    assert (request.kind.name, action.kind.name, call.kind.name) == ("SERVER", "INTERNAL", "CLIENT")
    assert (action.start_time or 0) <= (call.start_time or 0) <= (call.end_time or 0) <= (action.end_time or 0) + 10**6
    assert by_name["index.search"].status.status_code.name == "ERROR"
    assert request.resource.attributes["service.name"] == "copilot-lsp"


class Hanging(SpanExporter):
    """A collector that accepts the connection and never answers."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        time.sleep(30)
        return SpanExportResult.SUCCESS


class Refusing(SpanExporter):
    """A collector that is down for the first two batches."""

    def __init__(self) -> None:
        self.batches = 0
        self.taken = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.batches += 1
        if self.batches == 1:
            raise ConnectionRefusedError
        if self.batches == 2:
            return SpanExportResult.FAILURE
        self.taken += len(spans)
        return SpanExportResult.SUCCESS


def test_a_hanging_collector_delays_the_exit_by_a_second_at_most() -> None:
    export = export_spans(Hanging, every=60)
    with span("lsp.dispatch"):
        pass
    began = time.monotonic()
    export.close()
    assert time.monotonic() - began < 1.5


def test_a_collector_that_is_down_is_said_once_and_taken_up_again(caplog: pytest.LogCaptureFixture) -> None:
    exporter = Refusing()
    before = METRICS.value("spans_dropped_total")
    export = export_spans(lambda: exporter, every=60)
    for batch in (1, 2, 3):
        with span("lsp.dispatch"):
            pass
        export.flush()
        deadline = time.monotonic() + 10
        while exporter.batches < batch and time.monotonic() < deadline:
            time.sleep(0.005)
    export.close()
    assert METRICS.value("spans_dropped_total") == before + 2
    assert exporter.taken == 1
    assert [record.message for record in caplog.records] == [
        "The OpenTelemetry collector does not take spans; they are dropped until it does"
    ]


def test_a_full_queue_drops_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copilot_lsp.telemetry.export._WAITING_AT_MOST", 2)
    exporter = InMemorySpanExporter()
    export = export_spans(lambda: exporter, every=60)
    before = METRICS.value("spans_dropped_total")
    for _ in range(5):
        with span("lsp.dispatch"):
            pass
    export.close()
    assert len(exporter.get_finished_spans()) == 2
    assert METRICS.value("spans_dropped_total") == before + 3


def test_a_missing_extra_is_one_sentence_with_the_command(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(SettingsError, match=r"pip install 'copilot-lsp\[otel\]'"):
        otlp("http://localhost:4318")()
    listeners = len(LISTENERS)
    export = export_spans(otlp("http://localhost:4318"))
    export.close()
    assert len(LISTENERS) == listeners
    assert "pip install" in caplog.text


def test_nothing_heavy_is_imported_for_counting_and_tracing() -> None:
    code = (
        "import sys; from copilot_lsp.telemetry import span, metrics, logs, health, decisions, memory, lag, export;"
        "heavy = {'opentelemetry', 'prometheus_client', 'pydantic', 'psutil'};"
        "print([m for m in sys.modules if m.split('.')[0] in heavy])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
