"""What does the server say to a task, asked over stdio as an editor asks?

The project is the workspace and is indexed; the task's file is open with its hole and with nothing else, the cursor in
the hole. How sure the server was is what it has put on record of its decisions.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence

from bench.processes import OURS, fresh_home
from bench.tasks.answer import Answer
from bench.tasks.load import Project, Task
from bench.workspace import indexed
from copilot_lsp.cli.editor import Editor, spawned
from copilot_lsp.core.text import Span

# The server remembers 1,024 decisions.
_AT_ONCE = 500
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
        found: list[Answer] = []
        for first in range(0, len(tasks), _AT_ONCE):
            some = tasks[first : first + _AT_ONCE]
            texts = [await _offered(editor, project, task) for task in some]
            sure = await asyncio.to_thread(_confidences, len(some), env)
            found += [Answer(*row) for row in zip(some, texts, sure, strict=True)]
        await editor.leave()
    return found


async def _offered(editor: Editor, project: Project, task: Task) -> str:
    """The text that would stand from the cursor on; an answer that changes what is before it is shown with that."""
    document = project.document(task)
    buffer = editor.open(project.root / task.path, project.language, document.text)
    items = await editor.inline(buffer, task.position)
    editor.close(buffer)
    if not items:
        return ""
    cursor = Span(task.position, task.position)
    span = buffer.span(items[0]["range"]) if items[0].get("range") else cursor
    shown = document.line(task.line)[: task.column]
    line = shown[: span.start.column] + items[0]["insertText"]
    return line.removeprefix(shown) if span.start.line == task.line else items[0]["insertText"]


def _confidences(count: int, env: Mapping[str, str]) -> list[float]:
    """How sure the server was at its newest completions. Raises ValueError where not each request has a decision."""
    command = [sys.executable, "-P", "-m", "copilot_lsp", "trace", "list", "--agent", "complete", "--json"]
    told = subprocess.run([*command, "--limit", str(count)], env=env, check=True, stdout=subprocess.PIPE)
    rows = json.loads(told.stdout)
    if len(rows) != count:
        raise ValueError(f"the server has put {len(rows)} decisions on record for {count} requests")
    return [row["confidence"] for row in rows]
