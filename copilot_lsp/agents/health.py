"""How well each agent has been doing lately."""

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

# An agent is judged by its last runs; one failure among them is bad luck, mostly failures is an illness.
_WINDOW = 20
_LATENCIES = 200


@dataclass(slots=True)
class AgentHealth:
    """Counts and recent outcomes of one agent. It recovers by itself: new successes push old failures out."""

    runs: int = 0
    failures: int = 0
    cancelled: int = 0
    last_error: str = ""
    last_error_at: float = 0.0
    outcomes: deque[bool] = field(default_factory=lambda: deque[bool](maxlen=_WINDOW))
    seconds: deque[float] = field(default_factory=lambda: deque[float](maxlen=_LATENCIES))

    def succeeded(self, seconds: float) -> None:
        self.runs += 1
        self.outcomes.append(True)
        self.seconds.append(seconds)

    def failed(self, error: BaseException) -> None:
        self.runs += 1
        self.failures += 1
        self.outcomes.append(False)
        self.last_error = f"{type(error).__name__}: {error}"
        self.last_error_at = time.time()

    @property
    def score(self) -> float:
        """The share of recent runs that succeeded; 1.0 before the first run."""
        return sum(self.outcomes) / len(self.outcomes) if self.outcomes else 1.0

    @property
    def status(self) -> str:
        if self.score >= 0.8:
            return "ok"
        return "degraded" if self.score >= 0.3 else "down"

    def report(self) -> dict[str, Any]:
        """A row for `/status`."""
        ordered = sorted(self.seconds)
        return {
            "status": self.status,
            "score": round(self.score, 3),
            "runs": self.runs,
            "failures": self.failures,
            "cancelled": self.cancelled,
            "p95_ms": round(ordered[int(len(ordered) * 0.95)] * 1000, 3) if ordered else None,
            "last_error": self.last_error or None,
            "last_error_at": self.last_error_at or None,
        }
