"""The commands version, config and trust."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot_lsp import __version__

Run = Callable[..., tuple[int, str, str]]


def test_version_tells_what_a_bug_report_needs(run: Run) -> None:
    code, out, _ = run("version", "--json")
    facts = json.loads(out)
    assert (code, facts["copilot-lsp"], facts["tree-sitter"] != "") == (0, __version__, True)
    assert f"copilot-lsp  {__version__}" in run("version")[1]


def test_config_shows_where_each_setting_comes_from(run: Run, home: Path) -> None:
    assert run("config", "--set", "providers.local_ollama=x")[1].startswith("providers.local_ollama")
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text("[pool]\nqueue = 7\n")
    code, out, err = run("config", "--set", "completion.max_lines=2")
    assert (code, err) == (0, "")
    assert "completion.max_lines    2  (the command line)" in out
    assert f"pool.queue              7  ({home / 'config' / 'config.toml'})" in out
    assert "index.enabled" not in out
    assert "index.enabled" in run("config", "--all")[1]

    rows = json.loads(run("config", "--json")[1])["settings"]
    assert rows["pool.queue"]["value"] == 7
    assert rows["pool.concurrency"] == {"value": 16, "source": "default"}
    assert "providers" in json.loads(run("config", "--schema")[1])["properties"]


def test_config_says_what_cannot_be_used(run: Run) -> None:
    Path("copilot-lsp.toml").write_text("[pool]\nqueue = 'x'\n")
    code, _, err = run("config")
    assert code == 1
    assert "pool.queue cannot be used; it should be a whole number" in err


def test_trust_is_given_seen_voided_and_taken(run: Run) -> None:
    assert run("trust")[1].endswith("sets nothing that needs trust.\n")
    Path("copilot-lsp.toml").write_text("[providers.endpoints.gpu]\nurl = 'http://gpu:1'\n[pool]\nqueue = 3\n")
    assert "run `copilot-lsp trust" in run("config")[2]

    code, out, _ = run("trust", "--yes")
    assert code == 0
    assert 'providers.endpoints.gpu.url = "http://gpu:1"' in out
    assert "pool.queue" not in out
    assert run("config")[0] == 0
    assert "trusted already" in run("trust")[1]

    Path("copilot-lsp.toml").write_text("[providers.endpoints.gpu]\nurl = 'http://evil:1'\n")
    assert run("config")[0] == 1
    assert run("trust", "--remove")[:2] == (0, f"{Path.cwd()} is trusted no longer.\n")
    assert "was not trusted" in run("trust", "--remove")[1]


def test_trust_asks_a_person_and_takes_silence_for_no(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("copilot-lsp.toml").write_text("[providers]\nlocal_ollama = 'http://gpu:1'\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))  # not a terminal
    assert run("trust")[0] == 2
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    answers = iter(["", "yes"])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    assert run("trust")[0] == 2
    assert run("config")[0] == 1
    assert run("trust")[0] == 0
    assert "trusted already" in run("trust")[1]


def test_trust_refuses_what_it_cannot_read(run: Run) -> None:
    assert run("trust", "missing")[0] == 2
    Path("copilot-lsp.toml").write_text("[")
    code, _, err = run("trust")
    assert code == 2
    assert "is not valid TOML" in err
