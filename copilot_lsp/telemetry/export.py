"""Send ended spans to an OpenTelemetry collector, when one is configured.

Nothing of OpenTelemetry is imported before `export_spans` is called, and then on its own thread. Ending a span only
appends to a bounded queue; a collector that is slow or down costs dropped spans, which are counted, and never a request
or more than a second at exit.
"""

from __future__ import annotations

import logging
from collections import deque
from importlib import import_module
from threading import Event, Thread
from typing import TYPE_CHECKING, cast

from copilot_lsp import __version__
from copilot_lsp.core.errors import SettingsError
from copilot_lsp.telemetry.metrics import count
from copilot_lsp.telemetry.span import LISTENERS, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter

log = logging.getLogger(__name__)

# The collector's side sees the names of the semantic conventions where there is one. They are still "in development"
# there, so this is the only place that knows them.
CONVENTIONS = {
    "backend": "gen_ai.provider.name",
    "code": "rpc.response.status_code",
    "error": "error.type",
    "method": "rpc.method",
    "model": "gen_ai.request.model",
    "tokens_in": "gen_ai.usage.input_tokens",
    "tokens_out": "gen_ai.usage.output_tokens",
}
_WAITING_AT_MOST = 4096
_PATIENCE_AT_EXIT = 1.0


class SpanExport:
    """A running export; `close` ends it within a second. Made by `export_spans`."""

    def __init__(self, connect: Callable[[], SpanExporter], every: float) -> None:
        self._connect = connect
        self._every = every
        self._waiting: deque[Span] = deque()
        self._wake = Event()
        self._closing = False
        self._failing = False
        self._thread = Thread(target=self._run, name="span-export", daemon=True)
        LISTENERS.append(self._take)
        self._thread.start()

    def flush(self) -> None:
        """Send what waits soon instead of at the next interval."""
        self._wake.set()

    def close(self) -> None:
        """Send what waits, for a second at most."""
        self._closing = True
        self._detach()
        self._wake.set()
        self._thread.join(_PATIENCE_AT_EXIT)

    def _take(self, span: Span) -> None:
        if len(self._waiting) >= _WAITING_AT_MOST:
            count("spans_dropped_total")
        else:
            self._waiting.append(span)

    def _detach(self) -> None:
        try:
            LISTENERS.remove(self._take)
        except ValueError:
            pass  # closed, and found unusable by the thread, at the same time

    def _run(self) -> None:
        try:
            exporter = self._connect()
        except SettingsError as error:
            log.warning("%s", error)
            self._detach()
            return
        # It logs a traceback for each failed batch, which editors show as an error; one sentence of ours is enough.
        logging.getLogger("opentelemetry.exporter").setLevel(logging.CRITICAL)
        resource = _resource()
        closing = False
        while not closing:
            self._wake.wait(self._every)
            self._wake.clear()
            closing = self._closing  # read before sending, so that what ended before `close` is sent
            self._send(exporter, resource)
        exporter.shutdown()

    def _send(self, exporter: SpanExporter, resource: Resource) -> None:
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if not batch:
            return
        try:
            delivered = exporter.export(converted(batch, resource)).name == "SUCCESS"
        except (OSError, ValueError, RuntimeError) as error:  # what HTTP clients raise for an address that is none
            log.debug("span export: %s", error)
            delivered = False
        if not delivered:
            count("spans_dropped_total", len(batch))
        if not delivered and not self._failing:
            log.warning("The OpenTelemetry collector does not take spans; they are dropped until it does")
        self._failing = not delivered


def export_spans(connect: Callable[[], SpanExporter], *, every: float = 2.0) -> SpanExport:
    """Send every span that ends from now on to what `connect` returns, in batches every `every` seconds."""
    return SpanExport(connect, every)


def otlp(endpoint: str) -> Callable[[], SpanExporter]:
    """How to reach an OTLP collector at a base URL such as http://localhost:4318, or a full one with a path."""

    def connect() -> SpanExporter:
        try:
            module = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
        except ImportError:
            raise SettingsError(
                "telemetry.otlp_endpoint is set, but the exporter is not installed: pip install 'copilot-lsp[otel]'"
            ) from None
        url = endpoint.rstrip("/")
        full = url if url.endswith("/v1/traces") else f"{url}/v1/traces"
        return cast("SpanExporter", module.OTLPSpanExporter(endpoint=full, timeout=5))

    return connect


def converted(spans: Sequence[Span], resource: Resource) -> list[ReadableSpan]:
    """Our spans as OpenTelemetry's."""
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

    sampled = TraceFlags(TraceFlags.SAMPLED)
    scope = InstrumentationScope("copilot-lsp", __version__)
    kinds = {"lsp": SpanKind.SERVER, "providers": SpanKind.CLIENT}

    def context(span: Span, span_id: int) -> SpanContext:
        return SpanContext(span.trace_id, span_id, is_remote=False, trace_flags=sampled)

    def status(span: Span) -> Status:
        failed = span.attributes.get("outcome") == "error"
        return Status(StatusCode.ERROR, str(span.attributes.get("error", ""))) if failed else Status()

    return [
        ReadableSpan(
            name=span.name,
            context=context(span, span.span_id),
            parent=context(span, span.parent_id) if span.parent_id else None,
            resource=resource,
            attributes={CONVENTIONS.get(key, f"copilot_lsp.{key}"): value for key, value in span.attributes.items()},
            kind=kinds.get(span.name.partition(".")[0], SpanKind.INTERNAL),
            instrumentation_scope=scope,
            status=status(span),
            start_time=span.began,
            end_time=span.ended,
        )
        for span in spans
    ]


def _resource() -> Resource:
    from opentelemetry.sdk.resources import Resource

    return Resource.create({"service.name": "copilot-lsp", "service.version": __version__})
