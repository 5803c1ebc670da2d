"""What does the server say to a task, asked over stdio as an editor asks?

The project is the workspace and is indexed; the task's file is open with its hole and with nothing else, the cursor in
the hole. How sure the server was is what it has put on record of its decisions.
"""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.processes import OURS, fresh_home
from bench.tasks.answer import Answer
from bench.tasks.load import Project, Task
from bench.workspace import indexed
from copilot_lsp.cli.editor import Editor, spawned
from copilot_lsp.core.text import Position, Span
from copilot_lsp.side.client import ask
from copilot_lsp.side.discovery import Server, servers

# Tasks teach each other nothing: the truth of one stands in the file that is open for the next.
_SETTINGS = {"learning": {"enabled": False}}


def answers(project: Project, tasks: Sequence[Task]) -> list[Answer]:
    """What the server offers first for each task, in their order."""
    with fresh_home() as env:
        return asyncio.run(_answers(project, tasks, env))


async def _answers(project: Project, tasks: Sequence[Task], env: Mapping[str, str]) -> list[Answer]:
    async with spawned(OURS, env=env) as editor:
        await editor.initialize(project.root, options=_SETTINGS)
        await indexed(editor, OURS)
        (server,) = servers(Path(env["COPILOT_LSP_HOME"], "state", "servers"))
        found: list[Answer] = []
        for task in tasks:
            text = await _offered(editor, project, task)
            found.append(Answer(task, text, await asyncio.to_thread(_confidence, server) if text else 0.0))
        await editor.leave()
    return found


async def _offered(editor: Editor, project: Project, task: Task) -> str:
    """The text that would stand from the cursor on; an answer that changes what is before it is shown with that."""
    document = project.document(task)
    buffer = editor.open(project.root / task.path, project.language, document.text)
    # Nobody types within milliseconds of opening a file: this is answered when the file has been parsed.
    await editor.at("textDocument/hover", buffer, Position(task.line, 0))
    items = await editor.inline(buffer, task.position)
    editor.close(buffer)
    if not items:
        return ""
    cursor = Span(task.position, task.position)
    span = buffer.span(items[0]["range"]) if items[0].get("range") else cursor
    shown = document.line(task.line)[: task.column]
    line = shown[: span.start.column] + items[0]["insertText"]
    return line.removeprefix(shown) if span.start.line == task.line else items[0]["insertText"]


def _confidence(server: Server) -> float:
    """How sure the server was at its newest completion."""
    rows = ask(server, "/decisions?limit=50")["decisions"]
    return next(row["confidence"] for row in reversed(rows) if row["agent"] == "complete")
