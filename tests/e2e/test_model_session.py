"""A session with a real llama.cpp server: its death costs nothing but its completions, and its return is noticed."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from servers.fixtures import StartLlama
from servers.wire import Wire

from copilot_lsp.cli.editor import Editor, spawned
from copilot_lsp.core.text import Position

SERVER = (sys.executable, "-P", "-m", "copilot_lsp", "--stdio")
# In a comment the nonsense that a random model writes is no fault of syntax, which nobody would be shown.
TEXT = """def area(width, height):
    # the width is multiplied by the height
    # and what comes out is never negative
    return width * height


def volume(width, height, depth):
    # the width is multiplied by the height
    # and what comes out is never negative
    return width * height * depth


def surface(width, height):
    # the width is
    return width * height


def side(width, height):
    # and what comes
    return width * height
"""
HERE, ANSWER_HERE = Position(13, len("    # the width is")), " multiplied by the height"
THERE, ANSWER_THERE = Position(18, len("    # and what comes")), " out is never negative"


def environment(tmp_path: Path, url: str) -> dict[str, str]:
    """A private home whose user file names one endpoint; long answers, so that there is a middle to be killed in."""
    config = tmp_path / "home" / "config"
    config.mkdir(parents=True)
    (config / "config.toml").write_text(
        f"""
[providers.endpoints.llama]
backend = "openai_compatible"
url = "{url}"

[completion]
max_tokens = 3000
max_lines = 100
timeout = 20.0
""",
        encoding="utf-8",
    )
    return {**os.environ, "COPILOT_LSP_HOME": str(tmp_path / "home")}


async def ghost(editor: Editor, buffer: object, place: Position) -> str:
    items = await editor.inline(buffer, place)  # pyright: ignore[reportArgumentType]
    return items[0]["insertText"] if items else ""


async def until(condition: Callable[[], Awaitable[bool]], within: float = 30.0) -> None:
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110 - what changes is another process
            await asyncio.sleep(0.1)


async def test_a_model_that_dies_in_mid_stream_and_comes_back(
    start_llama: StartLlama, tap: Callable[[int], Awaitable[Wire]], tmp_path: Path
) -> None:
    model = start_llama()
    wire = await tap(model.port)
    root = tmp_path / "project"
    root.mkdir()
    path = root / "shapes.py"
    path.write_text(TEXT, encoding="utf-8")
    async with spawned(SERVER, env=environment(tmp_path, wire.url)) as editor:
        await editor.initialize(root)
        buffer = editor.open(path, "python")

        async def model_answers(place: Position, known: str) -> bool:
            return (await ghost(editor, buffer, place)) not in ("", known)

        # The model writes nonsense, the workspace knows the line: which of the two answered is never in doubt. Where
        # the workspace is sure, a slow model is not waited for: its answer serves whoever asks next.
        await until(lambda: model_answers(HERE, ANSWER_HERE))
        assert any(model.name in line for line in said(editor))

        request = asyncio.create_task(ghost(editor, buffer, THERE))
        await wire.streams(more=5)
        down = len(editor.log)
        model.kill()
        assert await request == ANSWER_THERE
        assert await ghost(editor, buffer, THERE) == ANSWER_THERE
        assert any("embedded engine" in line for line in said(editor))

        model.start()
        await editor.hear("window/logMessage", lambda one: model.name in one["message"], since=down)
        await until(lambda: model_answers(THERE, ANSWER_THERE))
        assert await editor.leave() == 0


async def test_the_popup_streams_the_workspaces_answer_then_the_models(start_llama: StartLlama, tmp_path: Path) -> None:
    model = start_llama()
    root = tmp_path / "project"
    root.mkdir()
    path = root / "shapes.py"
    path.write_text(TEXT, encoding="utf-8")
    async with spawned(SERVER, env=environment(tmp_path, model.url)) as editor:
        await editor.initialize(root)
        buffer = editor.open(path, "python")
        await editor.hear("window/logMessage", lambda one: model.name in one["message"])
        asked = {"partialResultToken": "parts", "context": {"triggerKind": 1}}
        final = await editor.at("textDocument/completion", buffer, HERE, **asked)
        first, last = [one["value"] for one in editor.heard("$/progress") if one["token"] == "parts"]
        assert [item["label"] for item in first["items"]] == ["is" + ANSWER_HERE]
        assert [item["detail"] for item in last] == [model.name]
        assert final["items"] == [], "what was streamed is not said again"
        await editor.leave()


def said(editor: Editor) -> list[str]:
    """What the server told a person so far."""
    messages = (*editor.heard("window/logMessage"), *editor.heard("window/showMessage"))
    return [message["message"] for message in messages]
