"""How much memory each part of the process holds."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from copilot_lsp.telemetry.metrics import METRICS, gauge

log = logging.getLogger(__name__)
Measure = Callable[[], int]


@dataclass(slots=True)
class Memory:
    """Parts that can tell their size in bytes. They are asked only when somebody reads the report.

    A component may be watched many times (one cache per workspace, say); the sizes are added up. Measures run on the
    thread that reads and must be quick and safe there.
    """

    _measures: list[tuple[str, Measure]] = field(default_factory=list[tuple[str, Measure]])

    def watch(self, component: str, measure: Measure) -> Callable[[], None]:
        """Count what `measure` returns under `component`, until what is returned here is called."""
        entry = (component, measure)
        self._measures.append(entry)
        return lambda: self._measures.remove(entry)

    def report(self) -> dict[str, int]:
        """Bytes by component; `process` is this process's resident memory, `workers` that of its children."""
        sizes: dict[str, int] = {}
        for component, measure in tuple(self._measures):
            try:
                sizes[component] = sizes.get(component, 0) + measure()
            except (OSError, ValueError) as error:  # a mapping that was closed meanwhile has no size
                log.debug("no size of %s: %s", component, error)
        return sizes | _resident()

    def publish(self) -> Callable[[], None]:
        """Set the gauge `memory_bytes` at each scrape, until what is returned here is called."""
        return METRICS.refresh_with(self._set)

    def _set(self) -> None:
        for component, size in self.report().items():
            gauge("memory_bytes", size, component=component)


def _resident() -> dict[str, int]:
    import psutil  # costs 30 ms of start-up, and nobody needs it before somebody reads the report

    def size(process: psutil.Process) -> int:
        try:
            return process.memory_info().rss
        except psutil.Error:
            return 0

    own: Any = psutil.Process()
    return {"process": size(own), "workers": sum(size(child) for child in own.children(recursive=True))}
