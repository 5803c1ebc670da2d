"""`copilot-lsp context` shows what a model is given for a place, with reasons and how likely it is needed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "prices.py").write_text("def price_of(item):\n    return item.price\n")
    (root / "app.py").write_text("from prices import price_of\n\n\ndef total(items):\n    \n")
    return root


def test_what_is_needed_is_shown_with_its_reason(run: Run, project: Path) -> None:
    place = (f"{project / 'app.py'}:5:5", "--path", str(project))
    code, out, _ = run("context", *place)
    assert code == 0
    title, text = out.splitlines()
    assert title.startswith("prices.py:1  definitions  (0.")
    assert title.endswith(": imported and not used yet)")
    assert text == "    def price_of(item):"
    (one,) = json.loads(run("context", *place, "--json")[1])
    assert {"path", "span", "text", "score", "reason"} <= one.keys()


def test_where_nothing_bears_on_a_place_that_is_said(run: Run, project: Path) -> None:
    code, out, _ = run("context", f"{project / 'app.py'}:5:5", "--path", str(project), "--tokens", "0")
    assert (code, out) == (1, "Nothing in the workspace bears on that place.\n")
    assert run("context", "app.py")[0] == 2
