"""Execute a command of `features.commands`."""

from dataclasses import dataclass
from typing import Any

from copilot_lsp.agents.agent import Emit, ignore
from copilot_lsp.agents.learning.outcomes import Outcomes
from copilot_lsp.agents.markdown import escape
from copilot_lsp.agents.projects import Project
from copilot_lsp.agents.request import Explain, WriteDoc
from copilot_lsp.agents.services import Services
from copilot_lsp.agents.view import View
from copilot_lsp.agents.words import counted
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.errors import CopilotLspError
from copilot_lsp.core.text import Position
from copilot_lsp.features import commands, feedback
from copilot_lsp.providers.select import Models

# A small model on a laptop writes some 10 tokens a second.
_SECONDS = 90.0


class CommandRefused(CopilotLspError):
    """The command is unknown, or what it works on is missing."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a command works on: the session's services, and the document and the place that its argument names, or the
    suggestion and where it is noted what becomes of such.
    """

    services: Services[Any]
    models: Models
    project: Project | None = None
    view: View | None = None
    position: Position | None = None
    outcomes: Outcomes | None = None
    suggestion: str = ""
    emit: Emit = ignore


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to show (Markdown that is safe to render), and the edits to apply to the scene's document."""

    markdown: str = ""
    edits: tuple[Edit, ...] = ()


async def execute(command: str, scene: Scene) -> Outcome:
    """Do what a command says. Raises `CommandRefused` with a sentence for the person who gave it."""
    if command == commands.STATUS.name:
        return Outcome(_status(scene))
    if command == commands.REINDEX.name:
        return await _reindex(scene)
    if command == commands.ACCEPT.name:
        return _accept(scene)
    if command not in commands.COMMANDS:
        raise CommandRefused(f"there is no command {command!r}; there are {', '.join(commands.COMMANDS)}")
    if scene.view is None or scene.position is None:
        raise CommandRefused(f"{command} needs an open document and a position in it")
    if command == commands.EXPLAIN.name:
        return await _explain(scene, scene.view, scene.position)
    return await _document(scene, scene.view, scene.position)


def _accept(scene: Scene) -> Outcome:
    if scene.outcomes is None:
        raise CommandRefused("a suggestion is accepted in the session that showed it")
    feedback.accepted(scene.outcomes, scene.suggestion)
    return Outcome()


async def _explain(scene: Scene, view: View, position: Position) -> Outcome:
    found = await scene.services.pool.run(
        Explain(position, model=True),
        view,
        key=("explain", view.session),
        budget=seconds(_SECONDS),
        emit=scene.emit,
    )
    return Outcome(found.markdown if found else "Nothing is known about this place.")


async def _document(scene: Scene, view: View, position: Position) -> Outcome:
    edits = await scene.services.pool.run(
        WriteDoc(position), view, key=("document", view.session, view.document.uri), budget=seconds(_SECONDS)
    )
    return Outcome("" if edits else "There is no definition without documentation here.", edits)


async def _reindex(scene: Scene) -> Outcome:
    if scene.project is None:
        raise CommandRefused("no folder is open, so there is nothing to index")
    await scene.services.projects.refresh(scene.project)
    return Outcome(_indexed(scene.project))


def _status(scene: Scene) -> str:
    pool = scene.services.pool.status()
    waiting = sum(pool.waiting.values())
    lines = [
        escape(scene.models.explain),
        _indexed(scene.project) if scene.project else "No folder is open, so nothing is indexed\\.",
        f"Running: {counted(pool.running, 'task')}, waiting: {waiting}\\.",
    ]
    failing = [
        f"The agent {escape(name)} is {report['status']}."
        for name, report in pool.agents.items()
        if report["status"] != "ok"
    ]
    return "\n\n".join((*lines, *failing))


def _indexed(project: Project) -> str:
    status = project.index.status
    return escape(f"Indexed: {counted(status.files, 'file')} of {project.root.name} ({status.phase}).")
