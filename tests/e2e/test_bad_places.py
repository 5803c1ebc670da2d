"""Completion where little can be known, and in workspaces of odd sizes: something sensible or nothing, no error."""

import os
import random
import sys
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from copilot_lsp.cli.editor import Editor, spawned
from copilot_lsp.core.text import Position

SERVER = (sys.executable, "-P", "-m", "copilot_lsp", "--stdio")
_PATIENCE = 200
KNOWN = """def load_profile(path, charset):
    with open(path, encoding=charset) as stream:
        profile = parse_profile(stream.read(), strict=True)
    # The profile is checked by the caller, who knows the schema.
    raise ProfileError("no such profile: " + path)
"""


@asynccontextmanager
async def session(root: Path | None, home: Path) -> AsyncGenerator[Editor]:
    env = {**os.environ, "COPILOT_LSP_HOME": str(home), "COPILOT_LSP_PROVIDERS__LOCAL_OLLAMA": ""}
    async with spawned(SERVER, env=env) as editor:
        await editor.initialize(root)
        yield editor
        assert await editor.leave() == 0


async def ghosts(editor: Editor, path: Path, language: str, text: str) -> list[str]:
    """The ghost texts at the mark | of a text, the popup asked for as well."""
    at = text.index("|")
    buffer = editor.open(path, language, text.replace("|", "", 1))
    place = buffer.document.position(at)
    await editor.completion(buffer, place)
    items = await editor.inline(buffer, place)
    editor.close(buffer)
    return [_shown(item, buffer.document.line(place.line), place) for item in items]


def _shown(item: dict[str, Any], line: str, place: Position) -> str:
    """What an item adds behind the cursor."""
    start = item["range"]["start"]["character"] if item.get("range") else place.column
    return item["insertText"].removeprefix(line[start : place.column])


async def prepared(editor: Editor, within: float = 30.0) -> None:
    await editor.hear("$/progress", lambda one: one["value"]["kind"] == "end", within=within)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "known.py").write_text(KNOWN, encoding="utf-8")
    return root


TYPED = KNOWN + "\n\n    with open(path, enc|"
REST = "oding=charset) as stream:"
PLACES = {
    "a comment": ("python", KNOWN + "\n\n    # The profile is checked by |", "the caller, who knows the schema."),
    "a string": ("python", KNOWN + '\n\n    raise ProfileError("no such prof|', 'ile: " + path)'),
    "an unclosed bracket": ("python", TYPED, REST),
    "CRLF": ("python", (TYPED + "\n").replace("\n", "\r\n"), REST),
    "a lone CR": (
        "python",
        (TYPED + "\n").replace("\n", "\r"),
        REST,
    ),
    "tabs": ("python", (TYPED + "\n").replace("    ", "\t"), REST),
    "astral characters": ("python", KNOWN + '\n\n    a = "😀🇩🇪"; with open(path, enc|', REST),
    "an unknown language": ("zig", TYPED, REST),
    "no language": ("", TYPED, REST),
}


@pytest.mark.parametrize("name", PLACES)
async def test_what_is_known_is_said(name: str, root: Path, tmp_path: Path) -> None:
    language, text, expected = PLACES[name]
    async with session(root, tmp_path / "home") as editor:
        assert await ghosts(editor, root / "main.py", language, text) == [expected]


def hostile() -> Iterator[tuple[str, str, str]]:
    """A language, a file name and a text with a mark, of all that nobody writes by hand."""
    chance = random.Random(7)
    minified = ";".join(f"var a{n}=function(b){{return b?a{n % 90}(b-{n}):[{n},'{n}']}}" for n in range(4_000))
    yield "javascript", "app.min.js", minified[:90_000] + "|" + minified[90_000:]
    yield "javascript", "end.min.js", minified + "|"
    rows = "".join(f"    ({n}, 'name{n}', {chance.random()}, [{n}]),\n" for n in range(20_000))
    yield "python", "table.py", f"# Generated, do not edit.\nROWS = [\n{rows[:400_000]}    (|\n{rows[400_000:]}]\n"
    yield "json", "data.json", '{"a": [' + "1," * 50_000 + "|"
    yield "python", "nested.py", "(" * 20_000 + "|"
    yield "typescript", "nested.ts", "{[(" * 5_000 + "|" + ")]}" * 5_000
    yield "python", "quotes.py", '"""' * 3_001 + "|"
    yield "yaml", "deep.yaml", "\n".join(" " * level + "a:" for level in range(300)) + "|"
    yield "plaintext", "noise.bin", "".join(map(chr, chance.choices(range(1, 0xD7FF), k=20_000))) + "|"
    yield "python", "astral.py", "x = '" + "😀" * 30_000 + "|'\n"
    yield "go", "empty.go", "|"
    yield "java", "blank.java", "\n" * 50_000 + "|" + "\n" * 50_000
    yield "html", "page.html", "<div>" * 5_000 + "|"
    yield "csharp", "Odd.cs", 'class A { \u2028 \ufeff \0 string s = @"|'


async def test_hostile_texts_are_answered(root: Path, tmp_path: Path) -> None:
    async with session(root, tmp_path / "home") as editor:
        for language, name, text in hostile():
            for shown in await ghosts(editor, root / name, language, text):
                assert shown.strip()
        assert await ghosts(editor, root / "main.py", *PLACES["a string"][:2]) == ['ile: " + path)']
        assert not [one for one in editor.heard("window/logMessage") if one["type"] == 1]


@pytest.mark.parametrize("files", [0, 1])
async def test_a_workspace_of_next_to_nothing(files: int, tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    path = root / "known.py"
    if files:
        path.write_text(KNOWN, encoding="utf-8")
    async with session(root, tmp_path / "home") as editor:
        if files:
            await prepared(editor)
        assert await ghosts(editor, path, *PLACES["a string"][:2]) == ['ile: " + path)']


async def test_no_workspace_at_all(tmp_path: Path) -> None:
    async with session(None, tmp_path / "home") as editor:
        assert await ghosts(editor, tmp_path / "known.py", *PLACES["a string"][:2]) == ['ile: " + path)']


@pytest.mark.verify
async def test_a_workspace_of_200_000_files(root: Path, tmp_path: Path) -> None:
    body = "def step_{0}(path):\n    first = load_{0}(path)\n    return first.merge({0}, step_{1})\n"
    for folder in range(400):
        (root / f"part_{folder}").mkdir()
        for number in range(folder * 500, folder * 500 + 500):
            (root / f"part_{folder}" / f"step_{number}.py").write_text(body.format(number, number // 2), "utf-8")
    typed = "def step_7(path):\n    first = load_7(path)\n    return first.mer|"
    async with session(root, tmp_path / "home") as editor:
        # Long before the index is there, and while it is made.
        assert await ghosts(editor, root / "main.py", *PLACES["a string"][:2]) == ['ile: " + path)']
        most, done, until = 0, False, time.monotonic() + _PATIENCE
        while not done and time.monotonic() < until:
            with suppress(TimeoutError):
                await prepared(editor, within=1.0)
                done = True
            begin = time.monotonic()
            shown = await ghosts(editor, root / "main.py", "python", typed)
            assert time.monotonic() - begin < 5
            most = max(most, memory_of(editor))
        # It takes 80 seconds of CPU; a busy machine is not at fault when it is not done by then.
        assert shown == ["ge(7, step_3)"] if done else editor.heard("$/progress")
        assert most < 1200 << 20


def memory_of(editor: Editor) -> int:
    """Resident bytes of the server and its workers."""
    assert editor.process
    found = 0
    for process in (server := psutil.Process(editor.process.pid), *server.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            found += process.memory_info().rss
    return found
