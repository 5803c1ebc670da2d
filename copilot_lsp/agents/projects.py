"""Open each workspace once per process, keep its index and corpus up to date, and share them among sessions."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from copilot_lsp.agents.embedding import EmbeddingModel
from copilot_lsp.agents.settings import AgentSettings
from copilot_lsp.core.errors import CopilotLspError
from copilot_lsp.index.files import files
from copilot_lsp.index.workspace import Workspace, open_workspace
from copilot_lsp.providers.select import Models
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.telemetry.health import Health
from copilot_lsp.telemetry.span import span
from copilot_lsp.workers.pool import Workers

_log = logging.getLogger(__name__)

# A burst of file events (a branch checkout) is cheaper as one crawl, which skips what did not change by its stamps.
_MANY_CHANGES = 64
# The corpus on disk is rebuilt once this share of its files has changed since; until then they live in small segments.
_STALE_SHARE = 0.1
_STALE_FILES = 200


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the preparation of a workspace is. `percent` is None while the amount of work is unknown."""

    message: str
    percent: int | None = None


Listener = Callable[[Progress | None], None]


@dataclass(slots=True, eq=False)
class Project:
    """One workspace folder: its index and the embedded engine's corpus.

    `holders` counts the sessions that use it. `trouble` is what a person should know about the index, or empty.
    """

    root: Path
    index: Workspace
    corpus: Corpus
    holders: int = 0
    listeners: list[Listener] = field(default_factory=list[Listener])
    latest: Progress | None = None
    trouble: str = ""
    preparing: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def tell(self, progress: Progress | None) -> None:
        """Pass progress on to all listeners; None when the work is done."""
        self.latest = progress
        for listener in tuple(self.listeners):
            listener(progress)


class Projects:
    """All open projects of the process. It owns the tasks that prepare them and ends them in `close`."""

    def __init__(self, cache: Path, workers: Workers, health: Health) -> None:
        self._cache = cache
        self._workers = workers
        self._health = health
        self._open: dict[Path, Project] = {}
        self._opening = asyncio.Lock()

    @property
    def all(self) -> tuple[Project, ...]:
        return tuple(self._open.values())

    async def acquire(
        self,
        root: Path,
        settings: AgentSettings,
        listener: Listener | None = None,
        *,
        models: Models | None = None,
    ) -> Project:
        """The project of a folder, opened and put to work on first use; `release` it as often as it was acquired.

        `models` may offer an embedding model; the one of the first holder is used. `listener` hears of progress until
        the release; None means that the preparation is done. What cannot be opened on disk (full, read-only, written by
        a newer version) is kept in memory, which `health` and the project's `trouble` say.
        """
        root = await asyncio.to_thread(root.resolve)
        async with self._opening:
            project = self._open.get(root)
            if project is None:
                project = await self._start(root, settings, models)
                self._open[root] = project
        project.holders += 1
        if listener is not None:
            project.listeners.append(listener)
            if project.latest is not None:
                listener(project.latest)
        return project

    async def release(self, project: Project, listener: Listener | None = None) -> None:
        """Give a project back; the last holder's release closes it."""
        if listener is not None and listener in project.listeners:
            project.listeners.remove(listener)
        project.holders -= 1
        if project.holders <= 0 and self._open.get(project.root) is project:
            del self._open[project.root]
            await self._end(project)

    async def changed(self, project: Project, paths: tuple[Path, ...]) -> None:
        """Files were saved, created or deleted on disk: make what is stored follow. Returns when it does."""
        if len(paths) > _MANY_CHANGES:
            await self.refresh(project)
            return
        async with project.lock:
            for path in paths:
                text = await project.index.update(path)
                await project.corpus.update(project.index.uri_of(path), text)

    async def refresh(self, project: Project) -> None:
        """Crawl again: skips what did not change."""
        if project.preparing is None or project.preparing.done():
            project.preparing = asyncio.create_task(self._prepare(project))
        await asyncio.shield(project.preparing)

    async def close(self) -> None:
        """End all work and close all files."""
        projects, self._open = self.all, {}
        await asyncio.gather(*(self._end(project) for project in projects))

    async def _start(self, root: Path, settings: AgentSettings, models: Models | None) -> Project:
        embed = EmbeddingModel(models) if models else None
        grammars = settings.syntax.grammar_folders
        index = await open_workspace(root, self._cache, settings.index, self._workers, embed, grammars=grammars)
        corpus = await asyncio.to_thread(Corpus.open, index.folder)
        project = Project(root, index, corpus)
        if settings.index.enabled:
            project.preparing = asyncio.create_task(self._prepare(project))
        return project

    async def _end(self, project: Project) -> None:
        if project.preparing is not None:
            project.preparing.cancel()
            await asyncio.gather(project.preparing, return_exceptions=True)
        await project.index.close()
        project.corpus.close()

    async def _prepare(self, project: Project) -> None:
        """Crawl, then bring the corpus up to date. Faults leave the session with less, and are said once."""
        try:
            await project.index.crawl(lambda message, percent: project.tell(Progress(message, percent)))
            await self._refresh_corpus(project)
            self._note(project, project.index.notice)
        except (CopilotLspError, OSError) as error:
            self._note(project, f"{project.root} is not fully indexed: {error}")
        finally:
            project.tell(None)

    def _note(self, project: Project, trouble: str) -> None:
        """Remember how an index is; trouble is logged when it begins."""
        project.trouble = trouble
        if self._health.set("index", "degraded" if trouble else "ok", trouble) and trouble:
            _log.warning("%s", trouble)

    async def _refresh_corpus(self, project: Project) -> None:
        listed = await asyncio.to_thread(lambda: tuple(files(project.index)))
        changed = project.corpus.stale(listed)
        if changed > min(_STALE_FILES, _STALE_SHARE * len(listed)):
            project.tell(Progress("Learning from the code"))
            with span("recall.build", files=len(listed)):
                await project.corpus.rebuild(project.root, listed, self._workers)
        elif changed:
            await project.corpus.catch_up(project.root)
