"""How long each operation took lately."""

from collections.abc import Iterable
from typing import Any

from copilot_lsp.telemetry.span import SPANS, Span


def latencies(spans: Iterable[Span] = SPANS) -> dict[str, dict[str, Any]]:
    """By operation (span name, with its LSP method or agent): how many, and p50, p95, p99 in milliseconds."""
    times: dict[str, list[float]] = {}
    for one in spans:
        what = one.attributes.get("method") or one.attributes.get("agent")
        times.setdefault(f"{one.name} {what}" if what else one.name, []).append(one.seconds * 1000)
    return {name: _summary(sorted(values)) for name, values in sorted(times.items())}


def _summary(ordered: list[float]) -> dict[str, Any]:
    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)

    return {"count": len(ordered), "p50": at(0.5), "p95": at(0.95), "p99": at(0.99)}
