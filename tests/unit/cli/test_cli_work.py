"""The commands on code and servers: check, index, search, complete, trace, serve; and the progress bar."""

import asyncio
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copilot_lsp.app.paths import user_paths
from copilot_lsp.cli.bar import Bar
from copilot_lsp.side.port import open_side
from copilot_lsp.side.settings import SideSettings
from copilot_lsp.side.status import Status
from copilot_lsp.telemetry.decisions import DECISIONS, record
from copilot_lsp.telemetry.memory import Memory

Run = Callable[..., tuple[int, str, str]]


def python(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], check=False, capture_output=True, text=True, timeout=60, **options
    )


def test_check_reports_findings_as_compilers_do(run: Run) -> None:
    Path("good.py").write_text("def f(x):\n    return x\n")
    Path("notes.txt").write_text("no code\n")
    assert run("check")[:2] == (0, "No findings in 2 files.\n")
    Path("bad.py").write_text("def f(x=[]):\n    return x\n")
    code, out, err = run("check", "bad.py", "good.py")
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        "bad.py:1:9: warning: The default `[]` of `x` is shared by all calls [mutable-default]",
        "1 finding in 2 files.",
    ]
    assert run("check", "--exit-zero")[0] == 0
    (row,) = json.loads(run("check", "--json")[1])
    assert (row["path"], row["line"], row["column"], row["code"]) == ("bad.py", 1, 9, "mutable-default")
    assert run("check", "--set", "analysis.disabled=mutable-default")[0] == 0


def test_what_a_file_holds_does_nothing_to_a_terminal(run: Run) -> None:
    Path("evil.py").write_text("def \x1b]0;owned\x07(x=[]):\n    return x\n")
    out = run("check")[1] + run("search", "owned")[1]
    assert "evil.py" in out
    assert "\x1b" not in out


def test_check_says_what_it_cannot_read_and_checks_the_rest(run: Run) -> None:
    Path("bad.py").write_text("def f(x=[]):\n    return x\n")
    Path("binary.py").write_bytes(b"\0\1\2")
    code, out, err = run("check", "binary.py", "missing.py", "bad.py")
    assert code == 2
    assert err.splitlines() == [
        "copilot-lsp: binary.py cannot be read: it is binary",
        "copilot-lsp: missing.py cannot be read: it does not exist",
    ]
    assert out.endswith("1 finding in 3 files.\n")


# index, search, complete


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    body = "    total = 0\n    for item in basket.items:\n        total += item.price\n    return total\n"
    for number in range(3):
        (root / f"shop{number}.py").write_text(f"def total_price{number}(basket):\n{body}\n\n")
    (root / "now.py").write_text("def total_price(basket):\n    total = 0\n    for item in basket.items:\n        ")
    return root


def test_a_workspace_is_indexed_and_searched(run: Run, project: Path) -> None:
    code, out, _ = run("index", str(project), "--json")
    assert (code, json.loads(out)["files"]) == (0, 4)
    assert run("index", str(project))[1].startswith("4 files, 0.0 MB of source, are indexed")

    code, out, _ = run("search", "--path", str(project), "-n", "2", "total_price1")
    assert code == 0
    assert out.startswith("1. shop1.py:1  total_price1\n   defines total_price1, ")
    assert "\n   1 | def total_price1(basket):\n" in out
    found = json.loads(run("search", "--path", str(project), "--json", "basket", "items")[1])
    assert {"path", "span", "text", "score", "reason"} <= found[0].keys()
    code, out, _ = run("search", "--path", str(project), "?!")
    assert (code, out) == (1, "Nothing to look for: ask with words, names or code.\n")
    code, out, _ = run("search", "--path", str(project), "where", "is", "the", "zebra")
    assert (code, out[:36]) == (1, "Nothing fits 'where is the zebra'. T")
    (project / "empty").mkdir()
    code, out, _ = run("search", "--path", str(project / "empty"), "anything")
    assert code == 1
    assert "is indexed" in out


def test_an_answer_shows_the_lines_that_tell_why(run: Run, tmp_path: Path) -> None:
    body = "".join(f"    step_{number} = {number}\n" for number in range(20))
    (tmp_path / "long.py").write_text(f"def load():\n{body}    zebra = 1\n    other = 2\n    zebras = 3\n{body}")
    out = run("search", "--path", str(tmp_path), "load", "the", "zebra", "zebras")[1]
    shown = [line.strip() for line in out.splitlines()[2:]]
    assert shown[0] == "1 | def load():"
    assert {"22 |     zebra = 1", "23 |     other = 2", "24 |     zebras = 3"} <= set(shown)
    assert shown[-1] == "... 20 more lines"


def test_a_completion_comes_from_the_workspace(run: Run, project: Path) -> None:
    # How sure the engine is of it is another matter than whether the command shows it.
    place = (f"{project / 'now.py'}:4:9", "--path", str(project), "--set", "recall.confidence=0")
    code, out, _ = run("complete", *place, "--json")
    assert code == 0
    answer = json.loads(out)
    assert answer["fills"][0]["text"].startswith("total += item.price")
    assert "embedded engine" in answer["models"]
    assert run("complete", *place)[1].startswith("total += ")


def test_a_folder_that_is_none_is_one_sentence(run: Run) -> None:
    assert run("index", "missing")[::2] == (2, "copilot-lsp: missing is not a folder\n")
    code, _, err = run("complete", "missing.py:1:1")
    assert code == 2
    assert err.endswith("missing.py cannot be read: it does not exist\n")


def test_an_index_that_cannot_be_written_is_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, project: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COPILOT_LSP_HOME", str(tmp_path / "file"))
    code, out, err = run("index", str(project))
    assert code in (0, 2)  # kept in memory, or said
    assert "Traceback" not in out + err


# trace, serve


async def test_trace_lists_the_decisions_of_running_servers(run: Run, home: Path) -> None:
    async def listed(*arguments: str) -> tuple[int, str, str]:
        return await asyncio.to_thread(run, "trace", "list", *arguments)

    assert (await listed())[:2] == (0, "No server of yours is running.\n")
    DECISIONS.clear()
    status = Status(ready=True, health={"status": "ok", "components": {}})
    port = await open_side(SideSettings(), lambda: status, Memory(), folder=user_paths().state / "servers")
    assert port is not None
    try:
        assert (await listed())[1] == "No decision was made yet.\n"
        record(agent="complete", choice="recall", reason="no model answers", alternatives=["ollama"], confidence=0.5)
        record(agent="diagnose", choice="rules", reason="2 warnings", tokens=7)
        code, out, _ = await listed("--agent", "complete")
        assert code == 0
        (line,) = out.splitlines()[1:]
        assert line.split()[1:5] == ["complete", "recall", "50%", "0"]
        assert line.endswith("no model answers (not ollama)")
        rows = json.loads((await listed("--json", "-n", "1"))[1])
        assert [(row["agent"], row["pid"]) for row in rows] == [("diagnose", os.getpid())]
        assert "everything works" in (await asyncio.to_thread(run, "doctor"))[1]
    finally:
        await asyncio.to_thread(port.close)


def test_serve_takes_one_address(run: Run) -> None:
    code, _, err = run("serve", "--tcp", "--socket", "x.sock")
    assert code == 2
    assert "leave out --socket or --tcp" in err
    # In a process of its own, because serving takes over the signals.
    done = python("-m", "copilot_lsp", "serve", "--tcp", "--host", "0.0.0.0")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("copilot-lsp: 0.0.0.0 can be reached from other machines")


@pytest.mark.skipif(os.name != "posix", reason="Unix sockets and signals")
def test_serve_says_where_and_ends_with_a_signal(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "copilot_lsp", "serve", "--log-file", str(home / "x.log")],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        socket = home / "state" / "copilot-lsp.sock"
        assert line == f"copilot-lsp (process {process.pid}) serves editors at {socket}\n"
        assert socket.is_socket()
        second = python("-m", "copilot_lsp", "serve")
        assert (second.returncode, second.stdout) == (2, "")
        assert "another server listens there" in second.stderr
        assert socket.is_socket()
        process.terminate()
        process.wait(10)
    assert not socket.exists()
    assert "serving editors" in (home / "x.log").read_text()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_is_drawn_on_a_terminal_only() -> None:
    for stream, drawn in ((Terminal(), True), (io.StringIO(), False)):
        bar = Bar(stream)
        bar.clear()
        bar.show("Indexing", None)
        bar.show("Indexing: 5 of 10 files", 50)
        bar.show("over", 150)
        bar.clear()
        assert bool(stream.getvalue()) == drawn
        if drawn:
            assert "[############............]  50% Indexing: 5 of 10 files" in stream.getvalue()
            assert stream.getvalue().endswith("\r\x1b[2K")
