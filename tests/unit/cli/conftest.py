"""A user without settings or servers, and a way to run a command line."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot_lsp.cli.main import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder; the user stands in an empty folder beside it."""
    for name in [name for name in os.environ if name.startswith("COPILOT_LSP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COPILOT_LSP_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COPILOT_LSP_PROVIDERS__LOCAL_OLLAMA", "")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line of that user; the answer is the exit code and what was printed on both streams."""

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call
