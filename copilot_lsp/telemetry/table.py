"""Every metric there is: name, kind, unit, meaning, and labels whose values are bounded.

Names are exposed with the prefix `copilot_lsp_`. A label either lists its values or admits the first `most` distinct
ones; any other value is counted as "other", so hostile input cannot grow our memory or that of whoever scrapes us.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["counter", "gauge", "histogram"]
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Label:
    """A dimension of a metric: its values, or how many different ones are told apart."""

    name: str
    values: tuple[str, ...] = ()
    most: int = 64

    def bounded(self, value: str, seen: dict[str, set[str]]) -> str:
        """The value, or "other" when it is not a listed one or one too many. `seen` remembers the distinct values."""
        if self.values:
            return value if value in self.values else OTHER
        known = seen.setdefault(self.name, set())
        if value in known or len(known) < self.most:
            known.add(value)
            return value
        return OTHER


@dataclass(frozen=True, slots=True)
class Metric:
    """One row. `unit` is seconds, bytes, tokens or empty (a number of things); `buckets` are upper bounds."""

    name: str
    kind: Kind
    unit: str
    help: str
    labels: tuple[Label, ...] = ()
    buckets: tuple[float, ...] = ()


METHOD = Label("method", most=100)
OUTCOME = Label("outcome", ("ok", "empty", "error", "cancelled", "superseded", "timeout", "rejected"))
AGENT = Label("agent", most=40)
LANE = Label("lane", most=8)
BACKEND = Label("backend", most=20)
MODEL = Label("model", most=40)
MODEL_OR_ENGINE = Label("source", most=40)
CAPABILITY = Label("capability", ("complete", "chat", "embed"))
CACHE = Label("cache", most=20)
COMPONENT = Label("component", most=40)

FAST = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
SLOW = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
SHARES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0)

TABLE: tuple[Metric, ...] = (
    Metric("requests_total", "counter", "", "LSP requests and notifications handled", (METHOD, OUTCOME)),
    Metric("request_seconds", "histogram", "seconds", "From receiving a request to its answer", (METHOD,), FAST),
    Metric("sessions", "gauge", "", "Editor sessions now connected"),
    Metric("sessions_started_total", "counter", "", "Editor sessions since the start"),
    Metric("queue_depth", "gauge", "", "Tasks waiting in a lane", (LANE,)),
    Metric("queue_wait_seconds", "histogram", "seconds", "From submitting a task to its start", (LANE,), FAST),
    Metric("tasks_total", "counter", "", "Tasks ended, by agent and outcome", (AGENT, OUTCOME)),
    Metric("task_seconds", "histogram", "seconds", "From a task's start to its end", (AGENT,), FAST),
    Metric("tasks_running", "gauge", "", "Tasks running now"),
    Metric("tokens_total", "counter", "tokens", "Model tokens", (MODEL, Label("direction", ("in", "out")))),
    Metric("cache_total", "counter", "", "Look-ups in a cache", (CACHE, Label("outcome", ("hit", "miss")))),
    Metric("provider_requests_total", "counter", "", "Requests to model backends", (BACKEND, CAPABILITY, OUTCOME)),
    Metric("provider_seconds", "histogram", "seconds", "A whole answer of a backend", (BACKEND, CAPABILITY), SLOW),
    Metric("provider_first_token_seconds", "histogram", "seconds", "Wait for a first token", (BACKEND, MODEL), SLOW),
    Metric("provider_errors_total", "counter", "", "Failures of backends by class", (BACKEND, Label("error", most=20))),
    Metric("provider_up", "gauge", "", "1 while an endpoint answers, else 0", (Label("endpoint", most=20),)),
    Metric("index_files", "gauge", "", "Files in the open indexes"),
    Metric("index_bytes", "gauge", "bytes", "Source text in the open indexes"),
    Metric("index_pending", "gauge", "", "Files waiting to be indexed"),
    Metric("index_writes_total", "counter", "", "Files written to an index", (OUTCOME,)),
    Metric("index_written_bytes_total", "counter", "bytes", "Source text written to an index"),
    Metric("index_update_seconds", "histogram", "seconds", "From a save to the file's rows", (), FAST),
    Metric("search_seconds", "histogram", "seconds", "One search of the index", (), FAST),
    Metric("recall_total", "counter", "", "Answers of the embedded engine", (Label("outcome", ("found", "empty")),)),
    Metric(
        "recall_seconds",
        "histogram",
        "seconds",
        "Time of the embedded engine",
        (Label("outcome", ("found", "empty")),),
        FAST,
    ),
    Metric(
        "filtered_total",
        "counter",
        "",
        "Suggestions that a filter changed or kept back",
        (Label("filter", most=20), Label("outcome", ("repaired", "rejected")), Label("source", ("engine", "model"))),
    ),
    Metric(
        "written_pieces_total",
        "counter",
        "",
        "Pieces of text that models wrote for completions",
        (Label("outcome", ("used", "thrown")),),
    ),
    Metric(
        "suggestions_total",
        "counter",
        "",
        "What became of suggestions that were shown",
        (MODEL_OR_ENGINE, Label("outcome", ("accepted", "partly", "typed", "rejected", "ignored"))),
    ),
    Metric("suggestion_acceptance", "gauge", "", "Share of suggestions that proved right lately", (MODEL_OR_ENGINE,)),
    Metric("suggestion_characters_total", "counter", "", "Characters of suggestions accepted", (MODEL_OR_ENGINE,)),
    Metric(
        "suggestion_kept_ratio",
        "histogram",
        "",
        "Share of an accepted text that stands there so many seconds later",
        (Label("after", ("30", "90", "180", "360")),),
        SHARES,
    ),
    Metric("learning_writes_total", "counter", "", "Writes of outcomes to disk", (OUTCOME,)),
    Metric("loop_lag_seconds", "histogram", "seconds", "Delay of the event loop", (), FAST),
    Metric("memory_bytes", "gauge", "bytes", "Memory by component; process is resident memory", (COMPONENT,)),
    Metric("health", "gauge", "", "2 ok, 1 degraded, 0 down", (COMPONENT,)),
    Metric("workers_running", "gauge", "", "Worker processes now alive"),
    Metric("spans_dropped_total", "counter", "", "Spans that an exporter could not take"),
    Metric("log_drops_total", "counter", "", "Log lines that could not be written"),
    Metric("uptime_seconds", "gauge", "seconds", "Time since the process began"),
)
