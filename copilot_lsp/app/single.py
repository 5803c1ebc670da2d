"""What one command needs of one workspace: its settings and its project, and models and a view when it completes.

A command is a session of its own without a client: no side port, and everything is closed at its end.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.projects import Listener, Project, Projects
from copilot_lsp.agents.serving.serving import Serving
from copilot_lsp.agents.view import OpenDocument, View
from copilot_lsp.app.paths import user_paths
from copilot_lsp.app.settings import Settings, Sources
from copilot_lsp.core.document import Document
from copilot_lsp.core.errors import CopilotLspError
from copilot_lsp.index.files import files
from copilot_lsp.providers.select import Models
from copilot_lsp.recall.live import LiveTokens
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.telemetry.health import Health
from copilot_lsp.workers.pool import Workers


@dataclass(frozen=True, slots=True)
class Single:
    """One open workspace. `health` knows what went wrong while it was prepared."""

    settings: Settings
    project: Project
    pool: Pool
    health: Health

    async def indexed_before(self) -> bool:
        """Whether the index holds anything yet."""
        return await asyncio.to_thread(lambda: next(files(self.project.index), None) is not None)

    async def prepared(self) -> None:
        """Return when what is on disk is indexed. Raises CopilotLspError when it cannot be."""
        if self.project.preparing is not None:
            await self.project.preparing
        report = self.health.report()["components"].get("index", {})
        if report.get("status", "ok") != "ok":
            raise CopilotLspError(f"the workspace cannot be indexed: {report['detail']}")

    @asynccontextmanager
    async def view(self, document: Document) -> AsyncGenerator[View]:
        """The view of one document, as if it were open in an editor, with the models asked what they offer."""
        models, serving = Models(self.settings.providers), Serving()
        try:
            await models.start()
            opened = OpenDocument(document, LiveTree(document, self.settings.syntax.limits), LiveTokens())
            yield View(document, {document.uri: opened}, self.project, self.settings, models, "command", serving)
        finally:
            await serving.close()
            await models.close()


def settings_at(root: Path, options: Mapping[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    """The settings in effect for a command in a folder, and what a person should read about them."""
    return Sources.read(options, user_paths()).effective({}, root)


@asynccontextmanager
async def single(root: Path, settings: Settings, listener: Listener | None = None) -> AsyncGenerator[Single]:
    """Open a workspace and put its preparation to work; `listener` hears of its progress."""
    languages.configure(settings.syntax.grammar_folders)
    health, workers = Health(), Workers()
    projects = Projects(user_paths().cache, workers, health)
    try:
        project = await projects.acquire(root, settings, listener)
        yield Single(settings, project, Pool(settings.pool), health)
    finally:
        await projects.close()
        await workers.close()
