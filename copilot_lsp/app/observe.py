"""How a runtime is observed: its log file, where its spans go, and the numbers that are looked up at each scrape."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot_lsp.telemetry.export import export_spans, otlp
from copilot_lsp.telemetry.logs import default_file, to_file
from copilot_lsp.telemetry.memory import Memory
from copilot_lsp.telemetry.metrics import METRICS, gauge

if TYPE_CHECKING:
    from copilot_lsp.agents.services import Services
    from copilot_lsp.telemetry.settings import TelemetrySettings

# By the name of each session that is up, what tells about it.
Sessions = Mapping[str, Callable[[], dict[str, Any]]]


def observe(
    settings: "TelemetrySettings", services: "Services[Any]", sessions: Sessions, memory: Memory
) -> Callable[[], None]:
    """Begin to observe; call what is returned to end it, which takes a second at most. Opens a file: use a thread."""
    ending = ExitStack()
    if settings.log_file:
        to_file(default_file() if settings.log_file == "default" else Path(settings.log_file), settings.log_level)
    if settings.otlp_endpoint:
        ending.callback(export_spans(otlp(settings.otlp_endpoint)).close)
    ending.callback(METRICS.refresh_with(lambda: _look_up(services, sessions)))
    ending.callback(memory.watch("corpus", lambda: sum(one.corpus.size for one in services.projects.all)))
    ending.callback(memory.watch("documents", lambda: _characters(sessions)))
    ending.callback(memory.watch("sqlite", _sqlite))
    ending.callback(memory.publish())
    return ending.close


def _look_up(services: "Services[Any]", sessions: Sessions) -> None:
    """Runs on the thread that scrapes: reads attributes only."""
    indexes = [project.index.status for project in services.projects.all]
    gauge("index_files", sum(one.files for one in indexes))
    gauge("index_bytes", sum(one.bytes for one in indexes))
    gauge("index_pending", sum(one.pending for one in indexes))
    gauge("sessions", len(sessions))
    pool = services.pool.status()
    gauge("tasks_running", pool.running)
    for lane, waiting in pool.waiting.items():
        gauge("queue_depth", waiting, lane=lane)
    gauge("workers_running", len(services.workers.pids))


def _characters(sessions: Sessions) -> int:
    """Most texts are ASCII, which takes a byte a character."""
    return sum(about()["characters"] for about in tuple(sessions.values()))


def _sqlite() -> int:
    import apsw  # loaded by then, unless every workspace failed to open

    return apsw.memory_used()
