"""A real server beside a real session: its status, its decisions, its trust, and that it says nothing of the source."""

import asyncio
import http.client
import json
import os
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from copilot_lsp.cli.editor import spawned
from copilot_lsp.core.text import Position
from copilot_lsp.side.client import ask
from copilot_lsp.side.discovery import Server, servers

COMMAND = (sys.executable, "-P", "-m", "copilot_lsp", "--stdio", "--clientProcessId", str(os.getpid()))
SECRET = "zanzibar_total"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    root = tmp_path / "work"
    root.mkdir()
    text = (
        f"def {SECRET}(basket):\n    result = 0\n    for item in basket:\n        result += item\n    return result\n"
    )
    (root / "a.py").write_text(text)
    return root


async def found(home: Path) -> Server:
    for _ in range(1000):
        if running := await asyncio.to_thread(servers, home / "state" / "servers"):
            return running[0]
        await asyncio.sleep(0.02)
    raise AssertionError("no side port within twenty seconds")


async def test_a_session_is_seen_from_beside(work: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    env = {**os.environ, "COPILOT_LSP_HOME": str(home), "COPILOT_LSP_PROVIDERS__LOCAL_OLLAMA": ""}
    async with spawned((*COMMAND, "--log-file", str(tmp_path / "x.log")), env=env) as editor:
        await editor.initialize(work)
        buffer = editor.open(work / "a.py", "python")
        await editor.inline(buffer, Position(3, 8))
        server = await found(home)
        status = await asyncio.to_thread(ask, server, "/status")
        (session,) = status["sessions"]
        assert (session["editor"], session["documents"], session["folders"]) == ("copilot-lsp editor", 1, 1)
        assert "textDocument/inlineCompletion" in " ".join(status["latencies_ms"])
        rows = (await asyncio.to_thread(ask, server, "/decisions"))["decisions"]
        spans = (await asyncio.to_thread(ask, server, "/spans?limit=1000"))["spans"]
        decided = next(row for row in rows if row["agent"] == "complete")
        trace = [row for row in spans if row["trace"] == decided["correlation"]]
        assert {"agents.run", "recall.complete"} <= {row["name"] for row in trace}
        assert {row["parent"] for row in trace} - {""} <= {row["span"] for row in trace}

        listed = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "copilot_lsp", "trace", "list", "--json", stdout=asyncio.subprocess.PIPE, env=env
        )
        shown = json.loads((await listed.communicate())[0])
        assert any(row["correlation"] == decided["correlation"] and row["pid"] == server.pid for row in shown)
        metrics = await asyncio.to_thread(page, server, "/metrics")
        names = {family.name for family in text_string_to_metric_families(metrics)}
        assert {"copilot_lsp_requests", "copilot_lsp_recall", "copilot_lsp_loop_lag_seconds"} <= names
        assert "copilot_lsp_sessions 1.0" in metrics
        assert await editor.leave() == 0
    for said in (json.dumps(status), json.dumps(rows), json.dumps(spans), metrics, (tmp_path / "x.log").read_text()):
        assert SECRET not in said
    assert await asyncio.to_thread(servers, home / "state" / "servers") == []


async def test_a_workspace_cannot_send_code_elsewhere(work: Path, tmp_path: Path) -> None:
    """The endpoint that the workspace, its editor settings, and later pushed settings name is never contacted."""
    heard: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(100))
        writer.close()

    canary = await asyncio.start_server(take, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{canary.sockets[0].getsockname()[1]}"
    (work / "copilot-lsp.toml").write_text(
        f"[providers]\nlocal_ollama = '{url}'\n[telemetry]\notlp_endpoint = '{url}'\n"
    )
    evil = {"providers": {"local_ollama": url, "endpoints": {"x": {"url": url}}}}
    home = tmp_path / "home"
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text("[providers]\nlocal_ollama = ''\n")
    env = {name: value for name, value in os.environ.items() if not name.startswith("COPILOT_LSP_")}
    async with spawned(COMMAND, env={**env, "COPILOT_LSP_HOME": str(home)}) as editor:
        editor.settings = {"copilotLsp": evil}
        await editor.initialize(work, options=evil)
        buffer = editor.open(work / "a.py", "python")
        await editor.inline(buffer, Position(3, 8))
        editor.notify("workspace/didChangeConfiguration", {"settings": {"copilotLsp": evil}})
        await editor.inline(buffer, Position(3, 8))
        await found(home)
        await editor.inline(buffer, Position(3, 8))
        said = [one["message"] for one in editor.heard("window/showMessage")]
        assert await editor.leave() == 0
    canary.close()
    assert heard == []
    warnings = [one for one in said if "only you may set" in one]
    assert any("copilot-lsp trust" in one for one in warnings)
    assert not any(url in one for one in said)


def page(server: Server, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request("GET", path)
    text = connection.getresponse().read().decode()
    connection.close()
    return text
