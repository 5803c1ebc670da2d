"""An editor's session lives on, and says one sentence, whatever it finds: index, disk, home folder, files, settings."""

import os
import sqlite3
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from copilot_lsp.cli.editor import Editor, spawned
from copilot_lsp.core.text import Position

SERVER = (sys.executable, "-P", "-m", "copilot_lsp", "--stdio")
TEXT = "def area(width, height):\n    return width * height\n\n\ndef volume(width, height):\n    return width"
CURSOR = Position(5, len("    return width"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "shapes.py").write_text(TEXT, encoding="utf-8")
    return root


@asynccontextmanager
async def session(root: Path, home: Path, **more: str) -> AsyncGenerator[Editor]:
    env = {**os.environ, "COPILOT_LSP_HOME": str(home), "COPILOT_LSP_PROVIDERS__LOCAL_OLLAMA": "", **more}
    async with spawned(SERVER, env=env) as editor:
        await editor.initialize(root)
        yield editor


async def completes(editor: Editor, root: Path) -> bool:
    """Whether the line that the file itself knows is offered, which is the session's main job."""
    buffer = editor.open(root / "shapes.py", "python")
    return [item["insertText"] for item in await editor.inline(buffer, CURSOR)] == [" * height"]


async def warned(editor: Editor, part: str) -> list[str]:
    """Wait for a warning with these words; all warnings so far."""
    await editor.hear("window/showMessage", lambda one: part in one["message"])
    return [one["message"] for one in editor.heard("window/showMessage")]


async def prepared(editor: Editor) -> None:
    await editor.hear("$/progress", lambda one: one["value"]["kind"] == "end")


async def indexed_once(root: Path, home: Path) -> Path:
    """An index that an earlier session made."""
    async with session(root, home) as editor:
        await prepared(editor)
        await editor.leave()
    (database,) = home.rglob("index.db")  # noqa: ASYNC240 - nothing else runs on this loop
    return database


async def test_an_index_of_a_newer_version_is_left_alone(root: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    database = await indexed_once(root, home)
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA user_version = 999")
    connection.commit()
    connection.close()
    before = database.read_bytes()
    async with session(root, home) as editor:
        assert len(await warned(editor, "newer")) == 1
        assert await completes(editor, root)
        assert await editor.leave() == 0
    assert database.read_bytes() == before


async def test_a_damaged_index_is_made_anew(root: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    database = await indexed_once(root, home)
    database.write_bytes(b"garbage" * 4096)
    async with session(root, home) as editor:
        assert len(await warned(editor, "damaged")) == 1
        assert await completes(editor, root)
        assert await editor.leave() == 0
    connection = sqlite3.connect(database)
    assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    connection.close()


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that nobody, not even root, can write to")
async def test_a_home_that_cannot_be_written(root: Path) -> None:
    async with session(root, Path("/proc/copilot-lsp")) as editor:
        assert len(await warned(editor, "this session only")) == 1
        assert await completes(editor, root)
        assert await editor.leave() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows finds a home without these variables")
async def test_no_home_at_all(root: Path, tmp_path: Path) -> None:
    gone = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "COPILOT_LSP_"))}
    gone = {**gone, "HOME": "", "TMPDIR": str(tmp_path)}
    async with spawned(SERVER, env=gone) as editor:
        await editor.initialize(root)
        assert await completes(editor, root)
        assert await editor.leave() == 0
    assert not (root / "~").exists()


async def test_files_that_are_no_text_are_left_out(root: Path, tmp_path: Path) -> None:
    (root / "binary.py").write_bytes(bytes(range(256)) * 64)
    (root / "latin.py").write_bytes("name = 'gr\xfc\xdfe'\n".encode("latin-1"))
    (root / "huge.py").write_text("x = 1\n" * 400_000, encoding="utf-8")
    (root / "one_line.py").write_text("x = [" + "1, " * 300_000 + "]\n", encoding="utf-8")
    (root / "unreadable.py").write_text("x = 1\n", encoding="utf-8")
    (root / "unreadable.py").chmod(0)
    async with session(root, tmp_path / "home") as editor:
        await prepared(editor)
        assert await completes(editor, root)
        for name in ("binary.py", "huge.py", "one_line.py"):
            text = (root / name).read_bytes().decode("utf-8", "replace")
            buffer = editor.open(root / name, "python", text)
            await editor.inline(buffer, Position(0, 3))
            await editor.diagnostics(buffer)
        assert editor.heard("window/showMessage") == []
        assert await editor.leave() == 0


async def test_settings_of_the_wrong_type(root: Path, tmp_path: Path) -> None:
    (root / "copilot-lsp.toml").write_text("[completion]\nmax_tokens = 'many'\nnonsense = 1\n", encoding="utf-8")
    async with session(root, tmp_path / "home") as editor:
        assert len(await warned(editor, "max_tokens")) == 2
        assert await completes(editor, root)
        assert await editor.leave() == 0
