"""The doctor: what it finds, and what it says helps."""

import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from copilot_lsp.cli.doctor.editors import editors
from copilot_lsp.side.discovery import Server, announce

Run = Callable[..., tuple[int, str, str]]


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
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, old_ollama: str
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

    code, out, _ = run("doctor", "--json")
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

    code, out, _ = run("doctor")
    assert code == 1
    assert "  !! Settings" in out


def test_the_doctor_is_content_with_a_machine_where_nothing_is_wrong(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, _ = run("doctor")
    assert code == 0
    assert "No editor that speaks LSP is on the PATH." in out
    assert out.endswith("\nNothing is wrong.\n")


def test_the_doctor_sees_folders_that_cannot_be_written(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COPILOT_LSP_HOME", str(tmp_path / "file"))
    code, out, _ = run("doctor", "--json")
    assert code == 1
    assert [row["subject"] for row in json.loads(out) if "cannot be written" in row["sentence"]] == ["Cache", "State"]


def test_the_doctor_sees_missing_libraries_little_space_dead_endpoints_and_silent_servers(
    run: Run, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.setitem(sys.modules, "sqlite_vec", None)
    monkeypatch.setattr("shutil.disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 10**6))
    monkeypatch.setenv("COPILOT_LSP_PROVIDERS__ENDPOINTS__GPU__URL", "http://127.0.0.1:9")
    (home / "cache" / "old").mkdir(parents=True)
    (home / "cache" / "old" / "index.db").write_bytes(b"x" * 2_000_000)
    announce(Server(os.getpid(), 9, "0.0.1", time.time()), home / "state" / "servers")

    code, out, _ = run("doctor")
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
    code, out, err = run("trace", "list")
    assert (code, out) == (0, "No decision was made yet.\n")
    assert "does not answer" in err


def test_the_doctor_points_at_a_model_server_that_is_not_used(
    run: Run, monkeypatch: pytest.MonkeyPatch, old_ollama: str
) -> None:
    port = int(old_ollama.rpartition(":")[2])
    monkeypatch.setattr("copilot_lsp.cli.doctor.models._USUAL_PORTS", {port: "vLLM", port + 1: "nothing"})
    out = run("doctor")[1]
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
