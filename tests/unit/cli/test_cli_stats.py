"""`copilot-lsp stats`: what it says of nothing, of something, and of what is wrong."""

import json
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from copilot_lsp.agents.learning import rows
from copilot_lsp.agents.learning.suggestion import Outcome, Verdict
from copilot_lsp.recall.settings import RecallSettings

Run = Callable[..., tuple[int, str, str]]
KEPT = (1.0, 0.5, None, None)


@pytest.fixture
def folder(home: Path) -> Path:
    """Where three outcomes of today and one of last month are stored."""
    folder, now = home / "state" / "learning", time.time()
    with closing(rows.open_outcomes(folder)) as database:
        several = [
            Outcome(1, now, "python", "recall", "inline", 0.5, 1, 20, Verdict.ACCEPTED, True, 20, 0, 1.0, KEPT),
            Outcome(2, now, "python", "recall", "inline", 0.5, 1, 20, Verdict.REJECTED, False, 0, 0, 1.0),
            Outcome(3, now, "go", "qwen \x1b[31m", "popup", 0.5, 1, 20, Verdict.IGNORED, False, 0, 0, 1.0),
            Outcome(4, now - 30 * 86_400, "go", "recall", "inline", 0.5, 1, 20, Verdict.TYPED, False, 0, 20, 1.0),
        ]
        rows.write(database, several)
    return folder


def test_nothing_yet(run: Run, home: Path) -> None:
    assert run("stats") == (
        0,
        "No suggestion was shown yet: nothing is known before an editor was connected for a while.\n",
        "",
    )
    assert json.loads(run("stats", "--json")[1])["groups"] == {}
    assert run("stats", "--reset")[1] == "Forgotten: what became of 0 suggestions.\n"
    assert not (home / "state").exists()


def test_a_table(run: Run, folder: Path) -> None:
    code, out, err = run("stats", "--since", "7d")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    titles = "shown accepted partly typed rejected ignored acceptance kept 30s kept 90s kept 180s kept 360s saved"
    assert " ".join(lines[0].split()) == titles
    assert lines[1].split() == ["all", "3", "1", "0", "0", "1", "1", "50%", "100%", "50%", "-", "-", "20"]
    assert len({len(line) for line in lines[:2]}) == 1
    assert [line for line in lines if line.startswith("by ")] == ["by language", "by source", "by surface", "by day"]
    assert "The editor told 1 of these outcomes" in out
    assert "\x1b" not in out
    assert "  python: the embedded engine is shown from a confidence of " in out
    assert run("stats")[1].splitlines()[1].split()[1] == "4"


def test_json(run: Run, folder: Path) -> None:
    told = json.loads(run("stats", "--json", "--since", "7d")[1])
    assert told["file"] == str(folder / "outcomes.db")
    assert told["since"] == pytest.approx(time.time() - 7 * 86_400, abs=60)
    assert [one["group"] for one in told["groups"]["language"]] == ["python", "go"]
    (whole,) = told["groups"]["all"]
    assert whole["kept"] == {"30": 1.0, "90": 0.5, "180": None, "360": None}
    assert (whole["shown"], whole["acceptance"], whole["saved"]) == (3, 0.5, 20)
    engine = {"source": "recall", "trust": None, "threshold": RecallSettings().confidence}
    assert told["follows"] == [{"language": language, **engine} for language in ("go", "python")]


def test_what_follows_for_a_model(run: Run, folder: Path) -> None:
    with closing(rows.open_outcomes(folder)) as database:
        several = [
            Outcome(number, time.time(), "go", "qwen", "inline", 1.0, 1, 20, Verdict.REJECTED, False, 0, 0, 1.0)
            for number in range(10, 110)
        ]
        rows.write(database, several)
    assert "  go: qwen counts as 33% sure beside the embedded engine." in run("stats")[1].splitlines()


def test_since(run: Run, folder: Path) -> None:
    assert run("stats", "--since", "2099-01-01")[1] == "No suggestion was shown since then.\n"
    for wrong in ("yesterday", "0", "99999-01-01", "7y"):
        code, _, err = run("stats", "--since", wrong)
        assert (code, "is neither a date nor of the form" in err) == (2, True)


def test_reset(run: Run, folder: Path) -> None:
    assert run("stats", "--reset", "--json")[1] == '{"forgotten": 4}\n'
    assert run("stats")[1].startswith("No suggestion was shown yet")


def test_a_damaged_file_is_said(run: Run, folder: Path) -> None:
    (folder / "outcomes.db").write_bytes(b"x" * 10_000)
    code, out, err = run("stats")
    assert (code, out.startswith("No suggestion")) == (0, True)
    assert "was damaged" in err
