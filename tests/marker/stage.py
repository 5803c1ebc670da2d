"""A session for one fixture: its files in a fresh folder, the real server, and an editor in the same process."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fixture import Fixture, Marked
from memory import MemoryChannel, MemoryWriter

from copilot_lsp.app.paths import Paths
from copilot_lsp.app.runtime import Runtime
from copilot_lsp.cli.buffer import Buffer
from copilot_lsp.cli.editor import Editor, listening
from copilot_lsp.lsp.server import Server
from copilot_lsp.syntax import languages

# Nothing outside the fixture: no model server of this machine, no port.
_OPTIONS = {"providers": {"local_ollama": ""}, "side": {"enabled": False}}


@asynccontextmanager
async def session(fixture: Fixture, folder: Path) -> AsyncIterator[tuple[Editor, dict[str, Buffer]]]:
    """An editor that has the fixture's workspace indexed and the files that are asked about open."""
    root, home = folder / "work", folder / "home"
    lay_out(fixture, root, home)
    runtime = Runtime(_OPTIONS, Paths(home / "cache", home / "state", home / "config"))
    reader = asyncio.StreamReader(limit=1 << 24)
    channel = MemoryChannel(reader)
    client = Editor(reader, MemoryWriter(channel))  # as much of a StreamWriter as is used
    serving = asyncio.create_task(Server(runtime, channel).converse(), name="server")
    try:
        async with listening(client) as editor:
            await editor.initialize(root)
            opened = {path: open_file(editor, root / path, marked) for path, marked in fixture.opened().items()}
            await indexed(runtime)
            yield editor, opened
            await editor.leave()
    finally:
        # Hanging up ended the conversation; what went wrong in it is raised here.
        await serving
        await runtime.close()


def lay_out(fixture: Fixture, root: Path, home: Path) -> None:
    """Write the fixture's files and the user's settings."""
    root.mkdir()
    for path, marked in fixture.files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(marked.text, encoding="utf-8", newline="")
    settings = fixture.settings
    if fixture.model:
        script = home / "replies.json"
        script.parent.mkdir(parents=True)
        script.write_text(fixture.model, encoding="utf-8")
        settings += f'\n[providers.endpoints.scripted]\nbackend = "scripted"\nscript = {json.dumps(str(script))}\n'
    if settings:
        (home / "config").mkdir(parents=True, exist_ok=True)
        (home / "config" / "config.toml").write_text(settings, encoding="utf-8")


def open_file(editor: Editor, path: Path, marked: Marked) -> Buffer:
    return editor.open(path, languages.detect(path.name) or "plaintext", marked.text)


async def indexed(runtime: Runtime) -> None:
    """Wait until the workspace is prepared as far as it will be."""
    services = await runtime.services()
    async with asyncio.timeout(20):
        while not services.projects.all:  # noqa: ASYNC110  # nothing tells a client when its workspace is opened
            await asyncio.sleep(0.005)
        for project in services.projects.all:
            if project.preparing is not None:
                await asyncio.shield(project.preparing)
