"""A real runtime, observed: what its side port says, where its logs go, and that nothing is left behind."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families

from copilot_lsp.app.observe import observe
from copilot_lsp.app.paths import Paths
from copilot_lsp.app.runtime import Runtime
from copilot_lsp.side.client import ask
from copilot_lsp.side.discovery import Server, servers
from copilot_lsp.telemetry import logs
from copilot_lsp.telemetry.exposition import exposition
from copilot_lsp.telemetry.memory import Memory
from copilot_lsp.telemetry.settings import TelemetrySettings
from copilot_lsp.telemetry.span import LISTENERS


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith("COPILOT_LSP_")]:
        monkeypatch.delenv(name)
    root = logging.getLogger()
    level = root.level
    yield
    for handler in [one for one in root.handlers if isinstance(one, logs.Stderr | logs.File)]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


async def announced(folder: Path) -> Server:
    for _ in range(500):
        if found := await asyncio.to_thread(servers, folder):
            return found[0]
        await asyncio.sleep(0.02)
    raise AssertionError("no side port within ten seconds")


async def test_a_runtime_tells_about_itself_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "config")
    root = tmp_path / "work"
    root.mkdir()
    (root / "a.py").write_text("def total_price(basket):\n    return sum(basket)\n")
    listeners = len(LISTENERS)
    # The exporter is an extra; this is what it exports, at the place where it would be.
    spans = InMemorySpanExporter()
    made: list[str] = []
    otlp = SimpleNamespace(OTLPSpanExporter=lambda endpoint, timeout: made.append(endpoint) or spans)
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", otlp)
    options = {"providers.local_ollama": "", "telemetry.otlp_endpoint": "http://127.0.0.1:4318/"}
    runtime = Runtime(options | {"telemetry.log_file": str(tmp_path / "x.log")}, paths)
    logs.setup()
    services = await runtime.services()
    settings, _ = services.settings({}, root)
    project = await services.projects.acquire(root, settings)
    assert project.preparing is not None
    await project.preparing

    server = await announced(paths.state / "servers")
    status = await asyncio.to_thread(ask, server, "/status")
    assert status["ready"] is True
    assert status["indexes"][0]["files"] == 1
    assert {"process", "workers", "corpus", "sqlite"} <= status["memory"].keys()
    text = (await asyncio.to_thread(exposition)).decode()
    values = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert values[("copilot_lsp_index_files",)] == 1
    assert values[("copilot_lsp_workers_running",)] >= 1
    assert values[("copilot_lsp_memory_bytes", "process")] > 1_000_000
    assert len(LISTENERS) == listeners + 1

    await services.projects.release(project)
    await runtime.close()
    assert await asyncio.to_thread(servers, paths.state / "servers") == []
    assert len(LISTENERS) == listeners
    assert made == ["http://127.0.0.1:4318/v1/traces"]
    assert {"index.crawl"} <= {one.name for one in spans.get_finished_spans()}
    assert "copilot_lsp_index_files 1.0" in text
    written = [json.loads(line) for line in (tmp_path / "x.log").read_text().splitlines()]
    assert any("/status" in row["message"] for row in written)
    assert not any("total_price" in row["message"] for row in written)


async def test_the_default_log_file_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copilot_lsp.app.observe.default_file", lambda: tmp_path / "logs" / "y.log")
    paths = Paths(tmp_path / "cache", tmp_path / "state", tmp_path / "config")
    runtime = Runtime({"providers.local_ollama": "", "side.enabled": "false"}, paths)
    services = await runtime.services()
    logs.setup()
    end = observe(TelemetrySettings(log_file="default"), services, {}, Memory())
    logging.getLogger("copilot_lsp.test").info("hello")
    end()
    await runtime.close()
    assert json.loads((tmp_path / "logs" / "y.log").read_text().splitlines()[-1])["message"] == "hello"
