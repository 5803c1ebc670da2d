"""The side port over real HTTP: its answers, who is refused, and how it is found."""

import asyncio
import http.client
import json
import os
import stat
import threading
import time
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from copilot_lsp.side import discovery
from copilot_lsp.side.client import ServerSilent, ask
from copilot_lsp.side.guard import refusal
from copilot_lsp.side.port import SidePort, open_side
from copilot_lsp.side.settings import SideSettings
from copilot_lsp.side.status import Status
from copilot_lsp.telemetry.decisions import record
from copilot_lsp.telemetry.memory import Memory
from copilot_lsp.telemetry.metrics import count, observe
from copilot_lsp.telemetry.span import span

PATHS = ("/metrics", "/healthz", "/readyz", "/status", "/decisions", "/spans")


class Runtime:
    """What a runtime is to the side port: a status that changes."""

    def __init__(self) -> None:
        self.ready = True

    def status(self) -> Status:
        asyncio.get_running_loop()  # the provider must be called on the loop
        return Status(ready=self.ready, health={"status": "ok", "components": {}}, models="none found", engine="recall")


@pytest.fixture
async def port(tmp_path: Path):
    memory = Memory()
    memory.watch("corpus", lambda: 1234)
    opened = await open_side(SideSettings(), Runtime().status, memory, folder=tmp_path)
    assert opened is not None
    yield opened
    await asyncio.to_thread(opened.close)


def get(port: SidePort, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port.server.port, timeout=5)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


async def test_every_page_answers_with_what_it_promises(port: SidePort) -> None:
    count("requests_total", method="textDocument/hover", outcome="ok")
    observe("request_seconds", 0.004, method="textDocument/hover")
    with span("lsp.dispatch", method="textDocument/hover"):
        record(agent="complete", choice="recall", reason="no model", alternatives=["ollama"])

    pages = {path: await asyncio.to_thread(get, port, path) for path in PATHS}

    assert {path: status for path, (status, _) in pages.items()} == dict.fromkeys(PATHS, 200)
    families = {family.name: family for family in text_string_to_metric_families(pages["/metrics"][1].decode())}
    assert families["copilot_lsp_requests"].type == "counter"
    buckets = [s for s in families["copilot_lsp_request_seconds"].samples if s.name.endswith("_bucket")]
    assert next(s.value for s in buckets if s.labels["le"] == "+Inf") >= 1
    status = json.loads(pages["/status"][1])
    assert status["memory"]["corpus"] == 1234
    assert status["memory"]["process"] > 1_000_000
    assert status["models"] == "none found"
    assert "lsp.dispatch textDocument/hover" in status["latencies_ms"]
    decision = json.loads(pages["/decisions"][1])["decisions"][-1]
    assert (decision["agent"], decision["choice"]) == ("complete", "recall")
    assert json.loads(pages["/spans"][1])["spans"][-1]["trace"] == decision["correlation"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Host": "evil.test"}, 421),
        ({"Host": "127.0.0.1.evil.test"}, 421),
        ({"Origin": "http://evil.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:3000"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
    ],
)
async def test_foreign_requests_are_refused_on_every_route(
    port: SidePort, headers: dict[str, str], expected: int
) -> None:
    for path in (*PATHS, "/nothing-here"):
        status, body = await asyncio.to_thread(get, port, path, **headers)
        assert (path, status) == (path, expected)
        assert b"requests_total" not in body


@pytest.mark.parametrize(
    ("host", "origin", "site"),
    [
        ("127.0.0.1:80", None, None),
        ("LOCALHOST:9", "http://localhost:9", "same-origin"),
        ("[::1]:9", None, "none"),
        ("localhost", "http://localhost", None),
    ],
)
def test_requests_of_this_machine_pass(host: str, origin: str | None, site: str | None) -> None:
    assert refusal(host, origin, site) == 0


def test_a_request_without_a_host_is_refused() -> None:
    assert refusal(None, None, None) == 421


async def test_nothing_can_be_changed_through_the_port(port: SidePort) -> None:
    assert (await asyncio.to_thread(get, port, "/status", "POST"))[0] == 405


async def test_a_limit_bounds_the_rows_and_nonsense_is_ignored(port: SidePort) -> None:
    for _ in range(5):
        record(agent="complete", choice="recall", reason="test")
    rows = await asyncio.to_thread(ask, port.server, "/decisions?limit=2")
    assert len(rows["decisions"]) == 2
    assert (await asyncio.to_thread(get, port, "/decisions?limit=-1e9"))[0] == 200


async def test_a_stalled_loop_is_reported_instead_of_hanging(port: SidePort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copilot_lsp.side.routes._PATIENCE", 0.1)
    answers: list[tuple[int, bytes]] = []
    asker = threading.Thread(target=lambda: answers.extend(get(port, path) for path in ("/healthz", "/metrics")))
    asker.start()
    time.sleep(1.0)  # noqa: ASYNC251 - stalling this loop is the point
    asker.join()
    assert [status for status, _ in answers] == [503, 200]


async def test_not_ready_is_503(tmp_path: Path) -> None:
    runtime = Runtime()
    runtime.ready = False
    port = await open_side(SideSettings(), runtime.status, Memory(), folder=tmp_path)
    assert port is not None
    assert (await asyncio.to_thread(get, port, "/readyz"))[0] == 503
    await asyncio.to_thread(port.close)


async def test_it_is_found_while_it_runs_and_gone_after(tmp_path: Path) -> None:
    port = await open_side(SideSettings(), Runtime().status, Memory(), folder=tmp_path)
    assert port is not None
    (found,) = discovery.servers(tmp_path)
    assert found == port.server
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / f"{os.getpid()}.json").stat().st_mode) == 0o600
    began = time.perf_counter()
    await asyncio.to_thread(port.close)
    assert time.perf_counter() - began < 2
    assert discovery.servers(tmp_path) == []
    with pytest.raises(ServerSilent):
        ask(found, "/status", timeout=1)


async def test_a_taken_port_gives_way_to_a_free_one(port: SidePort, tmp_path: Path) -> None:
    other = await open_side(SideSettings(port=port.server.port), Runtime().status, Memory(), folder=tmp_path / "other")
    assert other is not None
    assert other.server.port != port.server.port
    assert (await asyncio.to_thread(get, other, "/healthz"))[0] == 200
    await asyncio.to_thread(other.close)


@pytest.mark.parametrize("late", [False, True])
async def test_giving_up_while_it_opens_leaves_nothing_behind(tmp_path: Path, late: bool) -> None:
    opening = asyncio.create_task(open_side(SideSettings(), Runtime().status, Memory(), folder=tmp_path))
    await asyncio.sleep(0)
    if late:
        # Given up when the port is open and nobody was told yet, because the loop did not run meanwhile.
        while not os.listdir(tmp_path):
            time.sleep(0.005)  # noqa: ASYNC251
        time.sleep(0.05)  # noqa: ASYNC251
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    await asyncio.get_running_loop().shutdown_default_executor()
    assert os.listdir(tmp_path) == []
    assert not [thread for thread in threading.enumerate() if thread.name == "side-port" and thread.is_alive()]


async def test_switched_off_means_no_port(tmp_path: Path) -> None:
    assert await open_side(SideSettings(enabled=False), Runtime().status, Memory(), folder=tmp_path) is None


async def test_an_unwritable_folder_costs_only_the_announcement(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    port = await open_side(SideSettings(), Runtime().status, Memory(), folder=tmp_path / "file" / "servers")
    assert port is not None
    assert (await asyncio.to_thread(get, port, "/healthz"))[0] == 200
    await asyncio.to_thread(port.close)


def test_files_of_dead_or_other_processes_are_cleaned(tmp_path: Path) -> None:
    gone = discovery.Server(2**22 + 12345, 1, "0", time.time())
    reused = discovery.Server(os.getpid(), 1, "0", 1.0)  # this process began long after 1970
    discovery.announce(gone, tmp_path)
    discovery.announce(reused, tmp_path)
    (tmp_path / "broken.json").write_text("[1")
    (tmp_path / "alien.json").write_text("[]")
    assert discovery.servers(tmp_path) == []
    assert list(tmp_path.glob("*.json")) == []
    assert discovery.servers(tmp_path / "missing") == []
