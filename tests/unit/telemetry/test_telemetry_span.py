"""Spans: nesting, correlation, endings, and what they cost."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from copilot_lsp.telemetry.decisions import DECISIONS, record
from copilot_lsp.telemetry.latency import latencies
from copilot_lsp.telemetry.ring import Ring
from copilot_lsp.telemetry.span import SPANS, Span, correlation, current, span


def last() -> Span:
    return list(SPANS)[-1]


async def test_spans_nest_across_awaits_and_tasks_and_share_one_correlation_id() -> None:
    async def inner() -> str:
        with span("agents.run", agent="complete"):
            await asyncio.sleep(0)
            return correlation()

    with span("lsp.dispatch", method="m") as outer:
        ids = await asyncio.gather(inner(), inner(), asyncio.to_thread(correlation))
        assert set(ids) == {correlation()}
    assert current() is None
    assert correlation() == ""
    first, second, root = list(SPANS)[-3:]
    assert (first.parent_id, second.parent_id, root.parent_id) == (outer.span_id, outer.span_id, 0)
    with span("lsp.dispatch") as other:
        assert other.trace_id != outer.trace_id


def test_a_failing_step_says_how_it_ended_and_restores_the_outer_span() -> None:
    with span("lsp.dispatch") as outer:
        with pytest.raises(KeyError), span("agents.run"):
            raise KeyError("x")
        assert last().attributes == {"outcome": "error", "error": "KeyError"}
        with pytest.raises(asyncio.CancelledError), span("agents.run"):
            raise asyncio.CancelledError
        assert last().attributes["outcome"] == "cancelled"
        assert current() is outer


async def test_an_abandoned_generator_neither_fails_nor_counts_as_an_error() -> None:
    async def tokens() -> AsyncIterator[int]:
        with span("providers.complete"):
            yield 1
            yield 2

    async def take_one() -> AsyncIterator[int]:
        stream = tokens()
        async for _ in stream:
            return stream
        raise AssertionError

    # Begun in one context, closed in another, as happens when a consumer is cancelled.
    stream = await asyncio.create_task(take_one())
    await stream.aclose()
    assert last().name == "providers.complete"
    assert "error" not in last().attributes


def test_attributes_are_of_the_fixed_list() -> None:
    with pytest.raises(ValueError, match="prompt"):
        span("agents.run", prompt="def secret(): ...")
    with span("agents.run") as one, pytest.raises(ValueError, match="path"):
        one.set(path="/home/me/x.py")
    one.set(hits=3)
    assert last().row()["attributes"] == {"hits": 3}


def test_a_row_is_json_ready_and_tells_parent_and_time() -> None:
    with span("lsp.dispatch") as outer, span("index.search", language="python"):
        time.sleep(0.002)
    inner, root = SPANS.rows(2)
    assert inner["parent"] == root["span"] == f"{outer.span_id:016x}"
    assert inner["trace"] == root["trace"]
    assert 0.002 <= inner["seconds"] <= root["seconds"]
    assert abs(inner["began"] - time.time()) < 5


def test_the_ring_forgets_the_oldest() -> None:
    ring: Ring[Span] = Ring(3)
    for number in range(5):
        one = Span(f"x.{number}", {})
        ring.append(one)
    assert [row["name"] for row in ring.rows(2)] == ["x.3", "x.4"]
    assert len(ring) == 3
    ring.clear()
    assert ring.rows() == []


def test_a_decision_carries_the_correlation_id_of_its_span() -> None:
    with span("agents.run") as one:
        made = record(agent="complete", choice="recall", reason="no model", alternatives=["a", "b"], confidence=0.5)
    assert made.correlation == f"{one.trace_id:032x}"
    assert DECISIONS.rows(1)[0]["alternatives"] == ["a", "b"]


def test_latencies_are_grouped_by_operation() -> None:
    def ended(name: str, seconds: float, **attributes: str) -> Span:
        one = Span(name, dict(attributes))
        one.seconds = seconds
        return one

    spans = [ended("lsp.dispatch", n / 1000, method="hover") for n in range(1, 101)] + [ended("index.search", 0.5)]
    found = latencies(spans)
    assert found["lsp.dispatch hover"] == {"count": 100, "p50": 51.0, "p95": 96.0, "p99": 100.0}
    assert found["index.search"]["p50"] == 500.0


def test_a_span_is_cheap() -> None:
    def thousand() -> float:
        began = time.process_time()
        for _ in range(1000):
            with span("index.search", language="python") as one:
                one.set(hits=3)
        return (time.process_time() - began) / 1000

    assert min(thousand() for _ in range(5)) < 20e-6  # 2 us measured; ten times that is a defect, not a slow machine
