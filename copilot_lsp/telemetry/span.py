"""How long one step took, inside which other step, and how it ended.

    with span("index.search", language="python") as current:
        current.set(hits=3)

Spans nest by context variable, so they hold around awaits and in threads that copy their context. The outermost span of
a piece of work opens a trace; its id is the correlation id of every log line and decision made inside. Ended spans go
to the `SPANS` ring, and to the exporter when one is configured. Entering and leaving one costs a few microseconds.
"""

import asyncio
import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Self

from copilot_lsp.telemetry.ring import Ring

Value = str | int | float | bool

# Invariant: no attribute ever holds source text, a prompt, a file's path or a secret: spans leave the process.
ATTRIBUTES: dict[str, str] = {
    "agent": "name of an agent role",
    "attempt": "number of this try, from 1",
    "backend": "name of a provider backend",
    "bytes": "size of what was worked on",
    "cached": "whether the answer came from a cache",
    "capability": "complete, chat or embed",
    "choice": "what was decided for, by name",
    "chunks": "retrieved pieces of context",
    "code": "protocol error code or HTTP status",
    "command": "name of an executed command",
    "component": "name of a part as in the health report",
    "confidence": "0 to 1",
    "error": "class name of the exception that ended the span",
    "files": "number of files",
    "findings": "number of findings",
    "hits": "number of answers found",
    "kind": "kind of what was worked on",
    "language": "language id",
    "lane": "queue lane",
    "lines": "number of lines",
    "method": "LSP method",
    "model": "model name",
    "outcome": "ok, empty, error, cancelled, superseded, timeout or rejected",
    "phase": "phase of a long piece of work",
    "pieces": "parts that a streamed answer came in",
    "session": "number of the session in this process",
    "source": "engine or model that an answer came from",
    "tokens": "tokens in all",
    "tokens_in": "tokens of the prompt",
    "tokens_out": "tokens of the answer",
    "wait": "seconds spent waiting before the work began",
}
_KNOWN = frozenset(ATTRIBUTES)


class Span:
    """One timed step. Made by `span`; `name` is `layer.verb`, times are nanoseconds since the epoch."""

    __slots__ = ("_clock", "_outer", "attributes", "began", "name", "parent_id", "seconds", "span_id", "trace_id")

    def __init__(self, name: str, attributes: dict[str, Value]) -> None:
        self.name = name
        self.attributes = attributes
        self.trace_id = 0
        self.span_id = 0
        self.parent_id = 0
        self.began = 0
        self.seconds = 0.0
        self._clock = 0
        self._outer: Span | None = None

    def set(self, **attributes: Value) -> None:
        """Add attributes, of the fixed list only. Raises ValueError for others."""
        if not attributes.keys() <= _KNOWN:
            raise ValueError(_unknown(attributes))
        self.attributes.update(attributes)

    @property
    def ended(self) -> int:
        """Nanoseconds since the epoch at which the span ended; its beginning while it is open."""
        return self.began + int(self.seconds * 1e9)

    def row(self) -> dict[str, Any]:
        """The span as JSON-ready values."""
        return {
            "name": self.name,
            "trace": f"{self.trace_id:032x}",
            "span": f"{self.span_id:016x}",
            "parent": f"{self.parent_id:016x}" if self.parent_id else "",
            "began": self.began / 1e9,
            "seconds": self.seconds,
            "attributes": dict(self.attributes),
        }

    def __enter__(self) -> Self:
        outer = self._outer = _current.get()
        if outer is None:
            self.trace_id = random.getrandbits(128) or 1
        else:
            self.trace_id, self.parent_id = outer.trace_id, outer.span_id
        self.span_id = random.getrandbits(64) or 1
        _current.set(self)
        self.began = time.time_ns()
        self._clock = time.perf_counter_ns()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = (time.perf_counter_ns() - self._clock) / 1e9
        if kind is not None and not issubclass(kind, GeneratorExit):
            self.attributes["outcome"] = "cancelled" if issubclass(kind, asyncio.CancelledError) else "error"
            self.attributes["error"] = kind.__name__
        # An async generator may be closed in another context than it began in; then there is nothing to restore.
        if _current.get() is self:
            _current.set(self._outer)
        self._outer = None  # the ring must not keep ended ancestors alive
        SPANS.append(self)
        for listener in LISTENERS:
            listener(self)


SPANS: Ring[Span] = Ring(2048)
# Called with each ended span, on the thread that ended it: must return at once and never raise.
LISTENERS: list[Callable[[Span], None]] = []
_current: ContextVar[Span | None] = ContextVar("copilot_lsp_span", default=None)


def span(name: str, **attributes: Value) -> Span:
    """A span to enter with `with`. Raises ValueError for an attribute that is not in `ATTRIBUTES`."""
    if not attributes.keys() <= _KNOWN:
        raise ValueError(_unknown(attributes))
    return Span(name, attributes)


def current() -> Span | None:
    """The innermost open span of this context."""
    return _current.get()


def correlation() -> str:
    """The id that ties together everything done for one request; empty outside any span."""
    inner = _current.get()
    return f"{inner.trace_id:032x}" if inner else ""


def _unknown(attributes: dict[str, Value]) -> str:
    names = ", ".join(sorted(attributes.keys() - _KNOWN))
    return f"no span attribute {names}; add it to ATTRIBUTES in telemetry/span.py or use one of those"
