"""Does the demo choose what is worth showing, and show it readably on a terminal and elsewhere?"""

import asyncio
import io
import sys
from pathlib import Path
from typing import cast

import pytest

from copilot_lsp.cli.command import INTERNAL
from copilot_lsp.cli.connection import Entry
from copilot_lsp.cli.demo import show
from copilot_lsp.cli.demo.play import progress_ended
from copilot_lsp.cli.demo.scenes import fault, names_to_look_up, scenes, sources
from copilot_lsp.cli.demo.screen import Screen, duration
from copilot_lsp.cli.editor import Editor
from copilot_lsp.syntax import languages

ONE = """
def load(path):
    with open(path) as stream:
        text = stream.read()
        lines = text.splitlines()
        return parse_lines(lines)
"""
TWO = '''
def parse_lines(lines):
    """Make records of lines."""
    return [line.split() for line in lines]


def store(path):
    with open(path) as stream:
        text = stream.read()
        lines = text.splitlines()
        return lines
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "one.py").write_text(ONE, encoding="utf-8")
    (tmp_path / "two.py").write_text(TWO, encoding="utf-8")
    (tmp_path / "page.html").write_text("<p>", encoding="utf-8")
    (tmp_path / "broken.py").write_bytes(b"\xff\xfe")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "three.py").write_text(ONE, encoding="utf-8")
    return tmp_path


def test_scenes_are_functions_that_look_like_others(folder: Path) -> None:
    chosen = sources(folder)
    assert [source.path.name for source in chosen] == ["one.py", "two.py"]
    found = scenes(chosen)
    assert found is not None
    assert {scene.symbol.name for scene in found} == {"load", "store"}
    first = found[0]
    assert first.source.document.slice(first.body).startswith("with open(path)")


def test_a_name_is_looked_up_where_it_is_used(folder: Path) -> None:
    chosen = sources(folder)
    found = scenes(chosen)
    assert found is not None
    one = next(scene for scene in found if scene.symbol.name == "load")
    new, used = names_to_look_up(chosen, one)
    assert new is None
    assert used is not None
    assert (used.name, used.position.line) == ("parse_lines", 5)


def test_a_folder_without_functions_has_no_scenes(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("words", encoding="utf-8")
    assert scenes(sources(tmp_path)) is None


def test_the_fault_is_an_example_of_a_rule_without_its_marks() -> None:
    made = fault(languages.get("python"))
    assert made is not None
    assert "def found" in made.text
    assert "^" not in made.text
    assert "#" not in made.text


def test_elsewhere_than_on_a_terminal_accepted_text_is_in_brackets() -> None:
    shown = io.StringIO()
    plain = Screen(shown, live=False, colour=False, pace=0)
    plain.typing(4, [("ab", False)], "cd")
    plain.typed(4, [("ab", False), ("cd", True)])
    plain.squiggle(0, "x == None", 0, 9, "why", 2)
    plain.diff("a\nb\nc\n", "a\nB\nc\n")
    assert shown.getvalue().splitlines() == [
        "    5  ab[cd]",
        "    1  x == None",
        "       ~~~~~~~~~ why",
        "      a",
        "     -b",
        "     +B",
        "      c",
    ]


def test_on_a_terminal_ghost_text_is_drawn_behind_what_is_typed() -> None:
    shown = io.StringIO()
    live = Screen(shown, live=True, colour=True, pace=0)
    live.typing(4, [("ab", False)], "cd\nef")
    assert shown.getvalue().endswith("ab\x1b[3;90mcd\x1b[0m")
    live.typed(4, [("ab", False), ("cd", True)])
    assert shown.getvalue().endswith("ab\x1b[32mcd\x1b[0m\n")


def test_hover_text_loses_its_markdown() -> None:
    shown = io.StringIO()
    Screen(shown, live=False, colour=False).markdown("```python\ndef f():\n```\n*function* in `a\\.py`")
    assert shown.getvalue().splitlines() == ["     | def f():", "     | function in a.py"]


def test_the_popup_tells_how_many_more_there_are() -> None:
    shown = io.StringIO()
    items = [{"label": f"name{number}", "kind": 3, "detail": "a.py"} for number in range(8)]
    Screen(shown, live=False, colour=False).popup(2, items)
    lines = shown.getvalue().splitlines()
    assert lines[0] == "          name0  function  a.py "
    assert lines[-1].strip() == "and 2 more"


@pytest.mark.parametrize(("seconds", "text"), [(0.0012, "1.2 ms"), (0.0512, "51 ms"), (2.34, "2.3 s")])
def test_durations_are_readable(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_server_that_dies_ends_the_demo_with_what_it_said(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(show, "_SERVER", (sys.executable, "-c", "import sys; sys.exit('no grammar for today')"))
    assert show.show(folder, fast=True, home=tmp_path / "home") == INTERNAL
    told = capsys.readouterr().out
    assert "the demo ends here: the server ended before it answered" in told
    assert "no grammar for today" in told


async def test_progress_is_shown_until_all_of_it_has_ended() -> None:
    shown = io.StringIO()
    editor = Editor(asyncio.StreamReader(), cast("asyncio.StreamWriter", None))

    def report(token: str, **value: object) -> None:
        message = {"method": "$/progress", "params": {"token": token, "value": value}}
        editor.log.append(Entry(0.0, False, message))

    report("a", kind="begin", title="Indexing", percentage=50)
    report("b", kind="end")
    screen = Screen(shown, live=True, colour=False)
    with pytest.raises(TimeoutError):
        await progress_ended(editor, screen, within=0.01)
    assert "[############            ] Indexing" in shown.getvalue()
    report("a", kind="end")
    await progress_ended(editor, screen, within=0.01)


# A server that is alive and knows nothing.
SILENT = """
import json, sys
def send(message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n%b" % (len(body), body))
    sys.stdout.buffer.flush()
known = {"initialize": {"capabilities": {}}, "textDocument/diagnostic": {"kind": "full", "items": []}}
while True:
    length = int(sys.stdin.buffer.readline().split(b":")[1])
    sys.stdin.buffer.readline()
    said = json.loads(sys.stdin.buffer.read(length))
    if said["method"] == "exit":
        sys.exit(0)
    if said["method"] == "initialized":
        send({"method": "$/progress", "params": {"token": 1, "value": {"kind": "end"}}})
    if "id" in said:
        send({"id": said["id"], "result": known.get(said["method"])})
"""


def test_what_has_no_answer_is_said_and_the_demo_fails(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(show, "_SERVER", (sys.executable, "-c", SILENT))
    assert show.show(folder, fast=True, home=tmp_path / "home") == INTERNAL
    told = capsys.readouterr().out
    for missing in ("ghost text", "diagnostic", "doc comment"):
        assert f"no answer: {missing}" in told
    assert "The demo failed" in told
