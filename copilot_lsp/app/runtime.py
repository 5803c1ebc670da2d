"""One process: make everything that sessions share, in the right order, and end it in the reverse one."""

import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Coroutine, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot_lsp.app.paths import Paths, user_paths

if TYPE_CHECKING:
    from copilot_lsp.agents.projects import Project
    from copilot_lsp.agents.services import Services
    from copilot_lsp.app.settings import Settings
    from copilot_lsp.providers.select import Models
    from copilot_lsp.side.port import SidePort
    from copilot_lsp.side.status import Status

_log = logging.getLogger(__name__)

# Seconds after the start: by then the first ghost text is on the screen, or its editor is slower than we are.
_SIDE_DELAY = 0.5
# Seconds, a fifth of Python's own. With a thread that computes, the event loop woke up 6 ms late before and 1 to 4 now.
_TURN = 0.001
# What the first keystroke needs, imported in a thread while the editor digests the answer to `initialize`: each import
# is a slice that the event loop can interrupt, the largest holding it for the time of one extension module.
_PRELOAD = (
    "copilot_lsp.app.settings",
    "copilot_lsp.agents.pool",
    "numpy",
    "copilot_lsp.agents.roles.complete",
    "copilot_lsp.features.inline",
    "copilot_lsp.syntax.live",
    "copilot_lsp.agents.projects",
    "copilot_lsp.features.completion",
)


class Runtime:
    """What all sessions of a process share. `services` starts it on first use; `close` ends it, once.

    `options` are the settings of the command line, the strongest source. `announce` is told the URL of the side port.
    Everything is made after the first session was answered, so constructing this costs nothing.
    """

    def __init__(
        self,
        options: Mapping[str, Any] | None = None,
        paths: Paths | None = None,
        announce: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._options = dict(options or {})
        self._paths = paths
        self._announce = announce
        self._starting: asyncio.Task[Services[Settings]] | None = None
        self._started: Services[Settings] | None = None
        self._models: dict[str, Models] = {}
        self._side: SidePort | None = None
        self._unobserve: Callable[[], None] = lambda: None
        self._tasks: set[asyncio.Task[Any]] = set()
        self.sessions: dict[str, Callable[[], dict[str, Any]]] = {}

    async def services(self) -> "Services[Settings]":
        """What sessions use; the first call starts it, later ones wait for the same start."""
        if self._started is None:
            if self._starting is None:
                self._starting = asyncio.create_task(self._start(), name="runtime start")
            # A session that goes away while it waits must not take the start down for the others.
            return await asyncio.shield(self._starting)
        return self._started

    async def close(self) -> None:
        """End every task, worker, file and port. Safe to call at any moment, more than once."""
        if self._starting is not None and self._started is None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        started, self._started = self._started, None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # What is on disk comes first: little time is left when a signal ends the process.
        if started is not None:
            await asyncio.gather(started.projects.close(), started.journal.close())
        ends = [asyncio.to_thread(self._unobserve), *(models.close() for models in self._models.values())]
        if self._side is not None:
            ends.append(asyncio.to_thread(self._side.close))
        if started is not None:
            ends.append(started.workers.close())
        await asyncio.gather(*ends)

    async def _start(self) -> "Services[Settings]":
        await asyncio.to_thread(_preload)
        # What was imported stays for good. A full collection that looks through it all again and again held the event
        # loop for 50 to 70 ms at a time.
        gc.freeze()
        # A thread that computes lets go of the interpreter so much sooner when the event loop has something to do.
        sys.setswitchinterval(_TURN)
        from copilot_lsp.agents.learning.journal import Journal
        from copilot_lsp.agents.pool import Pool
        from copilot_lsp.agents.projects import Projects
        from copilot_lsp.agents.services import Services
        from copilot_lsp.app.settings import Sources
        from copilot_lsp.syntax import languages
        from copilot_lsp.telemetry.health import Health
        from copilot_lsp.telemetry.lag import watch_loop
        from copilot_lsp.workers.pool import Workers

        paths = self._paths or user_paths()
        sources = await asyncio.to_thread(Sources.read, self._options, paths)
        settings, problems = sources.effective({}, None)
        for problem in problems:
            _log.warning("%s", problem)
        languages.configure(settings.syntax.grammar_folders)
        health, workers = Health(), Workers()
        services = self._started = Services(
            pool=Pool(settings.pool),
            projects=Projects(paths.cache, workers, health),
            workers=workers,
            health=health,
            journal=Journal(paths.state / "learning", health),
            models=self._models_for,
            settings=sources.effective,
        )
        self._own(watch_loop())
        self._own(services.journal.run())
        self._own(self._open_side(settings, services))
        return services

    async def _open_side(self, settings: "Settings", services: "Services[Settings]") -> None:
        """The side port comes last: nobody waits for it, and importing an HTTP server takes a quarter of a second."""
        from copilot_lsp.app.observe import observe
        from copilot_lsp.telemetry.memory import Memory

        folder, memory = (self._paths or user_paths()).state / "servers", Memory()
        self._unobserve = await asyncio.to_thread(observe, settings.telemetry, services, self.sessions, memory)
        await asyncio.sleep(_SIDE_DELAY)
        from copilot_lsp.side.port import open_side

        self._side = await open_side(settings.side, lambda: self._status(services), memory, folder=folder)
        # The handlers and the HTTP server, imported meanwhile. Twice per process, not per session: cycles of a session
        # that has ended must stay collectable.
        gc.freeze()
        if self._side is not None:
            self._announce(self._side.url)

    def _models_for(self, settings: "Settings") -> "Models":
        """The model selection for a provider configuration: sessions with the same one share it."""
        from copilot_lsp.providers.select import Models

        key = settings.providers.model_dump_json()
        models = self._models.get(key)
        if models is None:
            models = self._models[key] = Models(settings.providers)
            self._own(models.start())
        return models

    def _status(self, services: "Services[Settings]") -> "Status":
        from copilot_lsp.side.status import Status

        explained = [models.explain for models in self._models.values()]
        choice = next((found for models in self._models.values() if (found := models.choice("complete"))), None)
        pool = services.pool.status()
        return Status(
            ready=True,
            health=services.health.report(),
            sessions=[about() for about in self.sessions.values()],
            agents=pool.agents,
            queue={lane: {"waiting": waiting} for lane, waiting in pool.waiting.items()},
            indexes=[_index_row(project) for project in services.projects.all],
            models=" ".join(explained),
            engine=choice.model.name if choice else "embedded",
        )

    def _own(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("a part of the runtime ended: %s", error, exc_info=error)


def _preload() -> None:
    for name in _PRELOAD:
        import_module(name)


def _index_row(project: "Project") -> dict[str, Any]:
    status = project.index.status
    return {
        "root": str(project.root),
        "sessions": project.holders,
        "phase": status.phase,
        "files": status.files,
        "pending": status.pending,
        "bytes": status.bytes,
    }


def workspace_of(path: Path) -> Path:
    """The folder that a command means when it is given a file: the nearest one above it with a project file."""
    start = path if path.is_dir() else path.parent
    for folder in (start, *start.parents):
        if any((folder / mark).exists() for mark in (".git", "copilot-lsp.toml", "pyproject.toml", "package.json")):
            return folder
    return start
