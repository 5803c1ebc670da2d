"""Does a session over standard input and output learn from what is typed, and `copilot-lsp stats` know of it?"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from raw import COMMAND, private

from copilot_lsp.agents.learning import rows
from copilot_lsp.agents.learning.suggestion import Outcome, Verdict
from copilot_lsp.cli.buffer import Buffer
from copilot_lsp.cli.connection import ServerError
from copilot_lsp.cli.editor import Editor, spawned
from copilot_lsp.core.text import Position, Span

AREA = "def area_of_{0}(width, height):\n    total = width * height\n    return total\n\n\n"
TEXT = (
    "".join(AREA.format(name) for name in ("room", "door", "wall", "roof"))
    + "def area_of_lawn(width, height):\n    total = "
)
REST = "width * height"
# The same program, which looks after accepted texts sooner.
HURRIED = (
    sys.executable,
    "-P",
    "-c",
    "import sys\nfrom copilot_lsp.agents.learning import journal, kept\nkept.AGES = (0.2, 0.4, 0.6, 0.8)\n"
    "journal._EVERY = 0.1\nfrom copilot_lsp.cli.main import main\nsys.exit(main(['--stdio']))",
)


@asynccontextmanager
async def session(home: Path, *command: str, name: str = "a.py", **more: str) -> AsyncGenerator[tuple[Editor, Buffer]]:
    """An editor with a file open that asks for its last line to be completed."""
    root = home.parent / "work"
    root.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(TEXT)
    async with spawned(command or COMMAND, env=private(home) | more) as editor:
        await editor.initialize(root)
        yield editor, editor.open(root / name, "python")
        assert await editor.leave() == 0


def stats(home: Path, *arguments: str) -> Any:
    """What the command line says, as JSON."""
    command = (sys.executable, "-P", "-m", "copilot_lsp", "stats", "--json", *arguments)
    done = subprocess.run(command, env=private(home), check=True, capture_output=True, text=True, timeout=60)
    return json.loads(done.stdout)


def whole(home: Path) -> dict[str, Any]:
    (row,) = stats(home)["groups"]["all"]
    return row


async def ask(editor: Editor, buffer: Buffer) -> list[dict[str, Any]]:
    """What is suggested at the end, looked at for long enough to be read."""
    found = await editor.inline(buffer, buffer.document.end)
    await asyncio.sleep(0.35)
    return found


def again(editor: Editor, buffer: Buffer) -> None:
    """Another place of the same kind."""
    end = buffer.document.end
    editor.insert(buffer, end, f"\n    return total\n\n\ndef area_of_{len(buffer.text)}(width, height):\n    total = ")


async def test_accepted_typed_partly_and_rejected(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert stats(home)["groups"] == {}
    async with session(home) as (editor, buffer):
        (item,) = await ask(editor, buffer)
        assert item["insertText"].startswith(REST)
        assert item["command"]["command"] == "copilotLsp.accept"
        editor.insert(buffer, buffer.document.end, item["insertText"])
        assert await editor.request("workspace/executeCommand", item["command"]) == {"markdown": ""}
        # Of what was never shown, or is no id, nothing follows.
        wrong = {"command": "copilotLsp.accept", "arguments": ["never shown"]}
        assert await editor.request("workspace/executeCommand", wrong) == {"markdown": ""}
        with pytest.raises(ServerError, match="no id of a suggestion"):
            await editor.request("workspace/executeCommand", {"command": "copilotLsp.accept", "arguments": [7]})
        again(editor, buffer)
        (item,) = await ask(editor, buffer)
        for key in item["insertText"]:
            editor.insert(buffer, buffer.document.end, key)
        again(editor, buffer)
        (item,) = await ask(editor, buffer)
        editor.insert(buffer, buffer.document.end, "width ")
        editor.insert(buffer, buffer.document.end, "+")
        again(editor, buffer)
        (item,) = await ask(editor, buffer)
        editor.insert(buffer, buffer.document.end, "0")
        # It is not shown there again, unless it is asked for.
        end = editor.replace(buffer, Span(_before(buffer, 1), buffer.document.end), "")
        assert item["insertText"] not in [one["insertText"] for one in await editor.inline(buffer, end)]
        asked = await editor.at("textDocument/inlineCompletion", buffer, end, context={"triggerKind": 1})
        assert item["insertText"] in [one["insertText"] for one in asked["items"]]
    # Nothing of the text has left the session.
    assert not any(b"width" in path.read_bytes() for path in (home / "state" / "learning").iterdir())
    row = whole(home)
    assert [row[name] for name in ("accepted", "typed", "partly", "rejected", "told")] == [1, 1, 1, 1, 1]
    assert row["acceptance"] == 0.5
    assert row["saved"] >= len(REST) + len("width ")
    found = stats(home, "--since", "1h")["groups"]
    assert {name: [one["group"] for one in found[name]] for name in ("language", "source", "surface")} == {
        "language": ["python"],
        "source": ["recall"],
        "surface": ["inline"],
    }
    assert stats(home, "--since", "2099-01-01")["groups"] == {}
    assert stats(home, "--reset") == {"forgotten": row["shown"]}
    assert stats(home)["groups"] == {}


def _before(buffer: Buffer, count: int) -> Position:
    return buffer.document.position(len(buffer.text) - count)


async def test_kept_is_looked_at_while_the_session_goes_on(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with session(home, *HURRIED) as (editor, buffer):
        (item,) = await ask(editor, buffer)
        text = item["insertText"]
        editor.insert(buffer, buffer.document.end, text)
        for _ in range(100):
            if whole_or_none(home) and whole(home)["kept"]["90"] is not None:
                break
            await asyncio.sleep(0.1)
        editor.replace(buffer, Span(_before(buffer, len(text)), buffer.document.end), "")
    kept = whole(home)["kept"]
    assert kept["30"] == 1.0


def whole_or_none(home: Path) -> dict[str, Any] | None:
    return next(iter(stats(home)["groups"].get("all", ())), None)


async def test_two_editors_learn_into_one_file(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with session(home) as (one, its), session(home, name="b.py") as (other, theirs):
        for editor, buffer in ((one, its), (other, theirs)):
            (item,) = await ask(editor, buffer)
            editor.insert(buffer, buffer.document.end, item["insertText"])
    assert whole(home)["accepted"] == 2


async def test_who_rejects_much_is_shown_less(tmp_path: Path) -> None:
    """Of two ways to go on none is sure: who takes what is half sure sees one, who rejects it sees none."""
    two = [AREA.format(name) for name in "abc"] + [AREA.format(name).replace(REST, "height - 1") for name in "rst"]
    text = "".join(two) + "def area_of_lawn(width, height):\n    total = "
    found: dict[Verdict, int] = {}
    for verdict in (Verdict.TYPED, Verdict.REJECTED):
        home = tmp_path / verdict / "home"
        with closing(rows.open_outcomes(home / "state" / "learning")) as database:
            rows.write(database, [_earlier(number, verdict) for number in range(2_000)])
        async with session(home) as (editor, buffer):
            editor.replace(buffer, Span(Position(0, 0), buffer.document.end), text)
            await editor.inline(buffer, Position(0, 0))  # has the file of outcomes opened
            await asyncio.sleep(0.5)
            found[verdict] = len(await editor.inline(buffer, buffer.document.end))
    assert found == {Verdict.TYPED: 1, Verdict.REJECTED: 0}


def _earlier(number: int, verdict: Verdict) -> Outcome:
    confidence = (number % 10) / 10 + 0.05
    return Outcome(number, time.time(), "python", "recall", "inline", confidence, 1, 9, verdict, False, 0, 0, 1.0)


async def test_a_file_that_cannot_be_used_is_said_once_and_costs_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "state").mkdir(parents=True)
    (home / "state" / "learning").write_text("in the way")
    async with session(home) as (editor, buffer):
        for _ in range(2):
            (item,) = await ask(editor, buffer)
            editor.insert(buffer, buffer.document.end, item["insertText"])
            again(editor, buffer)
        warned = await editor.hear("window/showMessage", lambda said: "not remembered" in said["message"])
        assert warned["message"].startswith("What becomes of suggestions is not remembered: ")
    assert len([said for said in editor.heard("window/showMessage") if "not remembered" in said["message"]]) == 1


async def test_a_damaged_file_is_moved_aside(tmp_path: Path) -> None:
    home = tmp_path / "home"
    folder = home / "state" / "learning"
    folder.mkdir(parents=True)
    (folder / "outcomes.db").write_bytes(os.urandom(8192))
    async with session(home) as (editor, buffer):
        (item,) = await ask(editor, buffer)
        editor.insert(buffer, buffer.document.end, item["insertText"])
        await editor.hear("window/showMessage", lambda said: "was damaged" in said["message"])
    assert whole(home)["accepted"] == 1


async def test_switched_off_nothing_is_stored(tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with session(home, COPILOT_LSP_LEARNING__ENABLED="false") as (editor, buffer):
        (item,) = await ask(editor, buffer)
        assert "command" not in item
        editor.insert(buffer, buffer.document.end, "0")
        end = editor.replace(buffer, Span(_before(buffer, 1), buffer.document.end), "")
        assert [one["insertText"] for one in await editor.inline(buffer, end)] == [item["insertText"]]
    assert not (home / "state" / "learning").exists()
