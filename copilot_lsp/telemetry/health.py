"""Which parts work, which work with less, and which are down."""

import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Literal

from copilot_lsp.telemetry.metrics import gauge

Status = Literal["ok", "degraded", "down"]
_ORDER: tuple[Status, ...] = ("ok", "degraded", "down")


@dataclass(frozen=True, slots=True)
class Condition:
    """How one component is. `detail` is one sentence for a person; `since` is when the status last changed (epoch)."""

    status: Status
    detail: str
    since: float


@dataclass(slots=True)
class Health:
    """The conditions of the components of one runtime. Safe to use from any thread."""

    _conditions: dict[str, Condition] = field(default_factory=dict[str, Condition])
    _lock: Lock = field(default_factory=Lock)

    def set(self, component: str, status: Status, detail: str = "") -> bool:
        """Note how a component is. True when its status changed, so that the caller can say so once."""
        with self._lock:
            known = self._conditions.get(component)
            changed = known is None or known.status != status
            since = time.time() if known is None or changed else known.since
            self._conditions[component] = Condition(status, detail, since)
        gauge("health", 2 - _ORDER.index(status), component=component)
        return changed

    def forget(self, component: str) -> None:
        """Drop a component that is gone for good."""
        with self._lock:
            self._conditions.pop(component, None)

    def status(self, component: str) -> Status:
        """The status of one component; one that never reported is ok."""
        known = self._conditions.get(component)
        return known.status if known else "ok"

    @property
    def overall(self) -> Literal["ok", "degraded"]:
        """Degraded when any component is not ok, never down: the server outlives its parts."""
        with self._lock:
            return "degraded" if any(one.status != "ok" for one in self._conditions.values()) else "ok"

    def report(self) -> dict[str, Any]:
        """The overall status and each component's condition, the worst first, as JSON-ready values."""
        with self._lock:
            items = sorted(self._conditions.items(), key=lambda item: (-_ORDER.index(item[1].status), item[0]))
        return {
            "status": self.overall,
            "components": {
                name: {"status": one.status, "detail": one.detail, "since": one.since} for name, one in items
            },
        }
