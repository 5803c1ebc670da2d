"""What an agent decided, why, and what else it could have done."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from copilot_lsp.telemetry.ring import Ring
from copilot_lsp.telemetry.span import correlation


@dataclass(frozen=True, slots=True)
class Decision:
    """One choice of one agent. `reason` is a phrase without source text; `at` is seconds since the epoch."""

    at: float
    correlation: str
    agent: str
    choice: str
    reason: str
    alternatives: tuple[str, ...]
    confidence: float
    tokens: int
    seconds: float

    def row(self) -> dict[str, Any]:
        return {**asdict(self), "alternatives": list(self.alternatives)}


DECISIONS: Ring[Decision] = Ring(1024)


def record(
    *,
    agent: str,
    choice: str,
    reason: str,
    alternatives: Sequence[str] = (),
    confidence: float = 1.0,
    tokens: int = 0,
    seconds: float = 0.0,
) -> Decision:
    """Put a decision on record, under the correlation id of the current span."""
    made = Decision(time.time(), correlation(), agent, choice, reason, tuple(alternatives), confidence, tokens, seconds)
    DECISIONS.append(made)
    return made
