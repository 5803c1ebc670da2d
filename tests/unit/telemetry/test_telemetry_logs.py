"""Log lines: JSON with the correlation id, quiet on stderr, and never fatal."""

import contextlib
import io
import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot_lsp.telemetry import logs
from copilot_lsp.telemetry.metrics import METRICS
from copilot_lsp.telemetry.span import span

log = logging.getLogger("copilot_lsp.test")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, raising = [*root.handlers], root.level, logging.raiseExceptions
    yield
    for handler in [one for one in root.handlers if one not in handlers]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    logging.raiseExceptions = raising


def lines(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_the_file_gets_json_with_the_correlation_id_and_stderr_stays_quiet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new folder" / "x.log"
    logs.setup("info", file=file)
    log.info("before")
    with span("lsp.dispatch") as one:
        log.info("indexed %d files in «%s»", 3, "src")
    log.debug("not at this level")
    assert capsys.readouterr().err == ""
    first, second = lines(file)
    assert "correlation" not in first
    assert second["message"] == "indexed 3 files in «src»"
    assert (second["correlation"], second["span"]) == (f"{one.trace_id:032x}", "lsp.dispatch")
    assert second["level"] == "info"
    assert second["time"].endswith("Z")


def test_warnings_reach_stderr_as_one_line_and_errors_with_their_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.setup(file=tmp_path / "x.log")
    log.warning("Ollama does not answer")
    try:
        raise KeyError("boom")
    except KeyError:
        log.exception("the agent failed")
        log.warning("and so", exc_info=True)
    written()
    shown = capsys.readouterr().err
    assert shown.startswith("copilot-lsp: warning: Ollama does not answer\ncopilot-lsp: error: the agent failed\nTrace")
    assert shown.endswith("copilot-lsp: warning: and so\n")
    assert "KeyError" in lines(tmp_path / "x.log")[1]["exception"]


def test_libraries_that_log_messages_whole_are_silenced_above_debug(tmp_path: Path) -> None:
    file = tmp_path / "x.log"
    logs.setup("info", stderr="error", file=file)
    logging.getLogger("pygls.protocol").info("Sending data: SECRET SOURCE")
    assert "SECRET" not in file.read_text()
    logs.setup("debug", file=file)
    logging.getLogger("pygls.protocol").info("Sending data: SECRET SOURCE")
    assert "SECRET" in file.read_text()


def test_text_that_slips_into_a_line_is_cut(tmp_path: Path) -> None:
    logs.setup(file=tmp_path / "x.log")
    log.info("got %s", "x" * 100_000)
    assert len((tmp_path / "x.log").read_text()) < 3_000


def test_setting_up_again_replaces_the_handlers(tmp_path: Path) -> None:
    logs.setup(file=tmp_path / "a.log")
    logs.setup(file=tmp_path / "b.log")
    log.info("once")
    assert (tmp_path / "a.log").read_text() == ""
    assert len(lines(tmp_path / "b.log")) == 1


def test_a_file_that_cannot_be_opened_is_one_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    logs.setup(file=tmp_path / "file" / "x.log")
    log.info("goes nowhere")
    written()
    assert capsys.readouterr().err.count("\n") == 1


class Full(io.StringIO):
    """A stream on a full disk."""

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


def written() -> None:
    """Wait until the thread that writes to stderr has written what it was given."""
    for handler in [one for one in logging.getLogger().handlers if isinstance(one, logs.Stderr)]:
        handler.close()


def test_a_full_disk_or_a_closed_pipe_costs_lines_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", Full())
    logs.setup(file=tmp_path / "x.log")
    for handler in [one for one in logging.getLogger().handlers if isinstance(one, logs.File)]:
        handler.setStream(Full())
    before = METRICS.value("log_drops_total")
    log.warning("nobody can write this")
    written()
    assert METRICS.value("log_drops_total") == before + 2


def test_a_stderr_that_nobody_reads_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    unread = os.fdopen(writing, "w", encoding="utf-8")
    monkeypatch.setattr("sys.stderr", unread)
    logs.setup()
    before, began = METRICS.value("log_drops_total"), time.monotonic()
    for number in range(3_000):
        log.warning("%d %s", number, "x" * 200)
    assert time.monotonic() - began < 5
    assert METRICS.value("log_drops_total") > before
    os.close(reading)
    written()
    with contextlib.suppress(BrokenPipeError):
        unread.close()


def test_the_default_file_is_in_the_folder_for_logs() -> None:
    assert logs.default_file().name == "copilot-lsp.log"
