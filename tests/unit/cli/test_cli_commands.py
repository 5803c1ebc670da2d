"""The commands as a person or a script runs them: what they print, and their exit codes."""

import asyncio
import io
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from copilot_lsp import __version__
from copilot_lsp.app.paths import user_paths
from copilot_lsp.cli.bar import Bar
from copilot_lsp.cli.doctor.editors import editors
from copilot_lsp.cli.document import commands_page
from copilot_lsp.cli.main import COMMANDS, main
from copilot_lsp.side.discovery import Server, announce
from copilot_lsp.side.port import open_side
from copilot_lsp.side.settings import SideSettings
from copilot_lsp.side.status import Status
from copilot_lsp.telemetry.decisions import DECISIONS, record
from copilot_lsp.telemetry.memory import Memory

HEAVY = ("asyncio", "pygls", "lsprotocol", "pydantic", "numpy", "tree_sitter", "apsw", "httpx2", "starlette", "psutil")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without settings or servers, standing in an empty folder."""
    for name in [name for name in os.environ if name.startswith("COPILOT_LSP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COPILOT_LSP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COPILOT_LSP_PROVIDERS__LOCAL_OLLAMA", "")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return tmp_path / "home"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as left:
        code = int(left.code or 0)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def python(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], check=False, capture_output=True, text=True, timeout=60, **options
    )


# The command line itself


def test_the_version_is_told_without_importing_anything() -> None:
    done = python("-X", "importtime", "-m", "copilot_lsp", "--version")
    assert (done.returncode, done.stdout) == (0, f"copilot-lsp {__version__}\n")
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not imported & {"argparse", "copilot_lsp.cli", *HEAVY}


@pytest.mark.skipif(os.name != "posix", reason="CPU time of children is measured through POSIX")
def test_the_version_costs_less_than_a_tenth_of_a_second() -> None:
    import resource

    def cost() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        python("-m", "copilot_lsp", "--version", env={k: v for k, v in os.environ.items() if "COVERAGE" not in k})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(cost() for _ in range(3)) < 0.1


def test_help_lists_every_command_and_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom copilot_lsp.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print([name for name in sys.modules if name in sys.argv[1:]])"
    )
    done = python("-c", code, *(name for name in HEAVY if name != "asyncio"))
    assert done.returncode == 0, done.stderr
    assert all(f"  {name} " in done.stdout for name in COMMANDS)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out, _ = run(capsys, name, "--help")
    assert code == 0
    assert out.startswith(f"usage: copilot-lsp {name}")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["nonsense"],
        ["check", "--nonsense"],
        ["trace"],
        ["complete", "x.py"],
        ["complete", "x.py:0:1"],
        ["complete", ":1:1"],
        ["--set", "novalue"],
        ["--log-level", "loud"],
        ["serve", "--port", "x"],
    ],
)
def test_wrong_use_is_exit_code_2_with_the_usage(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: copilot-lsp")


def test_the_documentation_is_what_the_parsers_say() -> None:
    page = Path(__file__).parents[3] / "docs" / "commands.md"
    assert page.read_text(encoding="utf-8") == commands_page(), (
        "run: python -m copilot_lsp.cli.document > docs/commands.md"
    )


@pytest.mark.parametrize(("error", "expected"), [(RuntimeError("boom"), 3), (KeyboardInterrupt(), 130)])
def test_a_defect_and_an_interruption_have_their_own_codes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, error: BaseException, expected: int
) -> None:
    def fail() -> str:
        raise error

    monkeypatch.setattr("platform.python_version", fail)
    code, _, err = run(capsys, "version")
    assert code == expected
    assert ("this is a defect" in err) == (expected == 3)


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "copilot_lsp", "config", "--schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (0, b"")


def test_nothing_of_the_current_folder_is_imported(tmp_path: Path) -> None:
    for name in ("json", "http", "argparse", "tomllib", "pydantic", "copilot_lsp_plugin"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported from the workspace')")
    done = python("-m", "copilot_lsp", "config", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


# version, config, trust


def test_version_tells_what_a_bug_report_needs(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "version", "--json")
    facts = json.loads(out)
    assert (code, facts["copilot-lsp"], facts["ast-grep-py"] != "") == (0, __version__, True)
    assert f"copilot-lsp  {__version__}" in run(capsys, "version")[1]


def test_config_shows_where_each_setting_comes_from(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert run(capsys, "config", "--set", "providers.local_ollama=x")[1].startswith("providers.local_ollama")
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text("[pool]\nqueue = 7\n")
    code, out, err = run(capsys, "config", "--set", "completion.max_lines=2")
    assert (code, err) == (0, "")
    assert "completion.max_lines    2  (the command line)" in out
    assert f"pool.queue              7  ({home / 'config' / 'config.toml'})" in out
    assert "index.enabled" not in out
    assert "index.enabled" in run(capsys, "config", "--all")[1]

    rows = json.loads(run(capsys, "config", "--json")[1])["settings"]
    assert rows["pool.queue"]["value"] == 7
    assert rows["pool.concurrency"] == {"value": 16, "source": "default"}
    assert "providers" in json.loads(run(capsys, "config", "--schema")[1])["properties"]


def test_config_says_what_cannot_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    Path("copilot-lsp.toml").write_text("[pool]\nqueue = 'x'\n")
    code, _, err = run(capsys, "config")
    assert code == 1
    assert "pool.queue cannot be used; it should be a whole number" in err


def test_trust_is_given_seen_voided_and_taken(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "trust")[1].endswith("sets nothing that needs trust.\n")
    Path("copilot-lsp.toml").write_text("[providers.endpoints.gpu]\nurl = 'http://gpu:1'\n[pool]\nqueue = 3\n")
    assert "run `copilot-lsp trust" in run(capsys, "config")[2]

    code, out, _ = run(capsys, "trust", "--yes")
    assert code == 0
    assert 'providers.endpoints.gpu.url = "http://gpu:1"' in out
    assert "pool.queue" not in out
    assert run(capsys, "config")[0] == 0
    assert "trusted already" in run(capsys, "trust")[1]

    Path("copilot-lsp.toml").write_text("[providers.endpoints.gpu]\nurl = 'http://evil:1'\n")
    assert run(capsys, "config")[0] == 1
    assert run(capsys, "trust", "--remove")[:2] == (0, f"{Path.cwd()} is trusted no longer.\n")
    assert "was not trusted" in run(capsys, "trust", "--remove")[1]


def test_trust_asks_a_person_and_takes_silence_for_no(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("copilot-lsp.toml").write_text("[providers]\nlocal_ollama = 'http://gpu:1'\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))  # not a terminal
    assert run(capsys, "trust")[0] == 2
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = iter(["", "yes"])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    assert run(capsys, "trust")[0] == 2
    assert run(capsys, "config")[0] == 1
    assert run(capsys, "trust")[0] == 0
    assert "trusted already" in run(capsys, "trust")[1]


def test_trust_refuses_what_it_cannot_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "trust", "missing")[0] == 2
    Path("copilot-lsp.toml").write_text("[")
    code, _, err = run(capsys, "trust")
    assert code == 2
    assert "is not valid TOML" in err


# check


def test_check_reports_findings_as_compilers_do(capsys: pytest.CaptureFixture[str]) -> None:
    Path("good.py").write_text("def f(x):\n    return x\n")
    Path("notes.txt").write_text("no code\n")
    assert run(capsys, "check")[:2] == (0, "No findings in 2 files.\n")
    Path("bad.py").write_text("def f(x=[]):\n    return x\n")
    code, out, err = run(capsys, "check", "bad.py", "good.py")
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        "bad.py:1:9: warning: The default `[]` of `x` is shared by all calls [mutable-default]",
        "1 finding in 2 files.",
    ]
    assert run(capsys, "check", "--exit-zero")[0] == 0
    (row,) = json.loads(run(capsys, "check", "--json")[1])
    assert (row["path"], row["line"], row["column"], row["code"]) == ("bad.py", 1, 9, "mutable-default")
    assert run(capsys, "check", "--set", "analysis.disabled=mutable-default")[0] == 0


def test_check_says_what_it_cannot_read_and_checks_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.py").write_text("def f(x=[]):\n    return x\n")
    Path("binary.py").write_bytes(b"\0\1\2")
    code, out, err = run(capsys, "check", "binary.py", "missing.py", "bad.py")
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


def test_a_workspace_is_indexed_searched_and_completed_from(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    code, out, _ = run(capsys, "index", str(project), "--json")
    assert (code, json.loads(out)["files"]) == (0, 4)
    assert run(capsys, "index", str(project))[1].startswith("4 files, 0.0 MB of source, are indexed")

    code, out, _ = run(capsys, "search", "--path", str(project), "-n", "2", "total_price1")
    assert code == 0
    assert out.startswith("shop1.py:1  total_price1")
    found = json.loads(run(capsys, "search", "--path", str(project), "--json", "basket", "items")[1])
    assert {"path", "span", "text", "score", "reason"} <= found[0].keys()
    assert run(capsys, "search", "--path", str(project), "?!")[:2] == (1, "Nothing fits.\n")

    # How sure the engine is of it is another matter than whether the command shows it.
    place = (f"{project / 'now.py'}:4:9", "--path", str(project), "--set", "recall.confidence=0")
    code, out, _ = run(capsys, "complete", *place, "--json")
    assert code == 0
    answer = json.loads(out)
    assert answer["fills"][0]["text"].startswith("total += item.price")
    assert "embedded engine" in answer["models"]
    assert run(capsys, "complete", *place)[1].startswith("total += ")


def test_a_folder_that_is_none_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "index", "missing")[::2] == (2, "copilot-lsp: missing is not a folder\n")
    code, _, err = run(capsys, "complete", "missing.py:1:1")
    assert code == 2
    assert err.endswith("missing.py cannot be read: it does not exist\n")


def test_an_index_that_cannot_be_written_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, project: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COPILOT_LSP_HOME", str(tmp_path / "file"))
    code, out, err = run(capsys, "index", str(project))
    assert code in (0, 2)  # kept in memory, or said
    assert "Traceback" not in out + err


# trace, serve


async def test_trace_lists_the_decisions_of_running_servers(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    async def listed(*arguments: str) -> tuple[int, str, str]:
        return await asyncio.to_thread(run, capsys, "trace", "list", *arguments)

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
        assert "everything works" in (await asyncio.to_thread(run, capsys, "doctor"))[1]
    finally:
        await asyncio.to_thread(port.close)


def test_serve_takes_one_address(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "serve", "--tcp", "--socket", "x.sock")
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


# doctor


class OldOllama(BaseHTTPRequestHandler):
    """An Ollama from before its security fix, with no models."""

    def do_GET(self) -> None:
        body = json.dumps({"version": "0.9.1-rc2"} if self.path == "/api/version" else {"models": []}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def old_ollama() -> Iterator[str]:
    server = HTTPServer(("0.0.0.0", 0), OldOllama)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_doctor_finds_what_is_wrong_and_what_helps(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, old_ollama: str
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("nvim", "hx"):
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    nvim = tmp_path / "user" / ".config" / "nvim" / "lsp"
    nvim.mkdir(parents=True)
    (nvim / "copilot_lsp.lua").write_text("return { cmd = { 'copilot-lsp', '--stdio' } }")
    monkeypatch.setenv("COPILOT_LSP_PROVIDERS__LOCAL_OLLAMA", old_ollama)
    monkeypatch.setenv("COPILOT_LSP_POOL__QUEUE", "many")

    code, out, _ = run(capsys, "doctor", "--json")
    rows = json.loads(out)
    assert code == 1
    by_subject: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_subject.setdefault(row["subject"], []).append(row)
    assert by_subject["Neovim"][0]["level"] == "fine"
    assert str(nvim / "copilot_lsp.lua") in by_subject["Neovim"][0]["sentence"]
    assert by_subject["Helix"][0]["level"] == "hint"
    assert "copilot-lsp" in by_subject["Helix"][0]["command"]
    assert by_subject["Command"][0]["command"].startswith("export PATH=")
    assert by_subject["Settings"][0]["sentence"].startswith("The environment: pool.queue cannot be used")
    assert "0.9.1-rc2 has known security faults" in by_subject["Ollama"][0]["sentence"]
    assert all(row["command"] for row in rows if row["level"] != "fine" and row["subject"] != "Editors")

    code, out, _ = run(capsys, "doctor")
    assert code == 1
    assert "  !! Settings" in out


def test_the_doctor_is_content_with_a_machine_where_nothing_is_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, _ = run(capsys, "doctor")
    assert code == 0
    assert "No editor that speaks LSP is on the PATH." in out
    assert out.endswith("\nNothing is wrong.\n")


def test_the_doctor_sees_folders_that_cannot_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COPILOT_LSP_HOME", str(tmp_path / "file"))
    code, out, _ = run(capsys, "doctor", "--json")
    assert code == 1
    assert [row["subject"] for row in json.loads(out) if "cannot be written" in row["sentence"]] == ["Cache", "State"]


def test_the_doctor_sees_missing_libraries_little_space_dead_endpoints_and_silent_servers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.setitem(sys.modules, "sqlite_vec", None)
    monkeypatch.setattr("shutil.disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 10**6))
    monkeypatch.setenv("COPILOT_LSP_PROVIDERS__ENDPOINTS__GPU__URL", "http://127.0.0.1:9")
    (home / "cache" / "old").mkdir(parents=True)
    (home / "cache" / "old" / "index.db").write_bytes(b"x" * 2_000_000)
    announce(Server(os.getpid(), 9, "0.0.1", time.time()), home / "state" / "servers")

    code, out, _ = run(capsys, "doctor")
    assert code == 1
    for expected in (
        "uvicorn cannot be imported.",
        "sqlite_vec is not installed, so searching by similarity is slower.",
        f"Only 1 MB are free for {home / 'cache'}.",
        f"rm -r {home / 'cache'}",
        "because gpu is down",
        f"The server with process id {os.getpid()} does not answer at http://127.0.0.1:9",
        f"kill {os.getpid()}",
        "faults found.",
    ):
        assert expected in out, expected
    code, out, err = run(capsys, "trace", "list")
    assert (code, out) == (0, "No decision was made yet.\n")
    assert "does not answer" in err


def test_the_doctor_points_at_a_model_server_that_is_not_used(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, old_ollama: str
) -> None:
    port = int(old_ollama.rpartition(":")[2])
    monkeypatch.setattr("copilot_lsp.cli.doctor.models._USUAL_PORTS", {port: "vLLM", port + 1: "nothing"})
    out = run(capsys, "doctor")[1]
    assert f"Something that may be vLLM answers on port {port} and is not used." in out
    assert f"export COPILOT_LSP_PROVIDERS__ENDPOINTS__LOCAL__URL={old_ollama}" in out


def test_an_unreadable_configuration_of_an_editor_mentions_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "hx").write_text("#!/bin/sh\n")
    (tmp_path / "hx").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / ".config" / "helix" / "languages.toml").mkdir(parents=True)
    assert [one.level for one in editors(tmp_path) if one.subject == "Helix"] == ["hint"]


# The progress bar


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
