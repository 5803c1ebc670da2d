"""Hold the projects of a session's folders: open them, show how far they are, keep their settings, give them back."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from copilot_lsp.agents.projects import Listener, Progress, Project
from copilot_lsp.agents.services import Services
from copilot_lsp.core.errors import CopilotLspError
from copilot_lsp.lsp.convert import path_of
from copilot_lsp.lsp.folders import Folder
from copilot_lsp.lsp.progress import Bar
from copilot_lsp.lsp.session import Session
from copilot_lsp.providers.select import Models

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Held:
    """A project that was acquired, and the listener it was acquired with."""

    project: Project
    listener: Listener


class Workspaces:
    """The projects of one session. Every one that is acquired is released, whatever happens in between."""

    def __init__(self, session: Session, services: Services[Any]) -> None:
        self._session = session
        self._services = services
        self._held: dict[str, _Held] = {}
        self._opening = asyncio.Lock()
        self._configuring = asyncio.Lock()
        self._asked = self._answered = 0
        self._deaf: dict[Models, Callable[[], None]] = {}

    async def configure(self) -> None:
        """Work out the settings of every folder and say what is wrong with them. Running tasks keep theirs.

        One at a time, so that the newest word wins; what was asked for while another ran is done once, not once each.
        """
        self._asked += 1
        asked = self._asked
        async with self._configuring:
            if self._answered >= asked:
                return
            self._answered = self._asked
            for uri in ("", *self._session.folders.uris):
                await self._configure(uri)
            self._hear_of_engines()

    async def open_all(self) -> None:
        """Open the projects of all folders that have none yet, one after the other."""
        async with self._opening:
            for uri in tuple(self._session.folders.uris):
                if uri not in self._held:
                    await self._open(uri)

    async def follow(self) -> None:
        """The session has other folders now: give back the projects of closed ones, open those of new ones."""
        for uri in tuple(self._held):
            if uri not in self._session.folders.uris:
                await self._release(uri)
        await self.configure()
        await self.open_all()

    async def files_changed(self, paths: Iterable[Path]) -> None:
        """Files of the folders changed on disk."""
        concerned: dict[Project, list[Path]] = defaultdict(list)
        for path in paths:
            for held in self._held.values():
                if path.is_relative_to(held.project.root):
                    concerned[held.project].append(path)
        for project, changed in concerned.items():
            await self._services.projects.changed(project, tuple(changed))

    async def close(self) -> None:
        """Give all projects back."""
        for stop in self._deaf.values():
            stop()
        self._deaf.clear()
        for uri in tuple(self._held):
            await self._release(uri)

    async def _configure(self, uri: str) -> None:
        session, root = self._session, _root(uri)
        # Reads the project's file and validates: some milliseconds, and a disk may take longer.
        settings, problems = await asyncio.to_thread(self._services.settings, session.settings.of(uri), root)
        if uri and uri not in session.folders.uris:  # closed meanwhile
            return
        for problem in problems:
            session.warn(problem)
        held = self._held.get(uri)
        project = held.project if held else None
        session.folders.known[uri] = Folder(root, settings, self._services.models(settings), project)

    def _hear_of_engines(self) -> None:
        """Say what completes code in each folder, and again whenever that changes."""
        used = {folder.models for folder in self._session.folders.known.values()}
        for models in self._deaf.keys() - used:
            self._deaf.pop(models)()
        for models in used - self._deaf.keys():
            self._deaf[models] = models.listen(self._session.notify)

    async def _open(self, uri: str) -> None:
        session, folder = self._session, self._session.folders.known.get(uri)
        if folder is None or folder.root is None:
            return
        listener = self._listener(uri, folder.root.name or str(folder.root))
        try:
            project = await self._services.projects.acquire(
                folder.root, folder.settings, listener, models=folder.models
            )
        except (CopilotLspError, OSError) as error:
            session.warn(f"{folder.root} is not indexed: {error}")
            return
        self._held[uri] = _Held(project, listener)
        if uri not in session.folders.known:  # closed while it was opened
            await self._release(uri)
            return
        session.folders.known[uri] = replace(session.folders.known[uri], project=project)
        self._warn_of(uri)

    def _listener(self, uri: str, name: str) -> Listener:
        """Show a project's progress as one bar at a time; there may be another later, after many files changed."""
        bar: Bar | None = None

        def listen(progress: Progress | None) -> None:
            nonlocal bar
            if progress is None:
                if bar is not None:
                    bar.end()
                bar = None
                self._warn_of(uri)
                return
            if bar is None:
                bar = Bar(self._session, f"Indexing {name}")
                self._session.background(bar.show(), "progress")
            bar.report(progress.message, progress.percent)

        return listen

    def _warn_of(self, uri: str) -> None:
        """Say what a person should know about a folder's index."""
        held = self._held.get(uri)
        if held is not None and held.project.trouble:
            self._session.warn(held.project.trouble)

    async def _release(self, uri: str) -> None:
        held = self._held.pop(uri, None)
        if held is not None:
            await self._services.projects.release(held.project, held.listener)


def _root(uri: str) -> Path | None:
    path = path_of(uri)
    return path if path is not None and path.is_absolute() else None
