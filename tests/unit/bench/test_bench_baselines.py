"""What plain copying and the n-gram cache say, on code that is small enough to know the answer."""

from pathlib import Path

import pytest

from bench.baselines.copying import copy
from bench.baselines.ngram import write
from bench.baselines.workspace import Workspace, hole, read


def workspace(root: Path, **files: str) -> Workspace:
    """Files by name, with `__` for a slash."""
    paths = [name.replace("__", "/") + ".py" for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return read(root, paths)


def said(baseline, space: Workspace, text: str, path: str = "a/own.py") -> str:
    """The answer at the bar in a text."""
    prefix, suffix = text.split("|")
    return baseline(hole(path, prefix, suffix, space.vocabulary), space)


def test_the_longest_left_context_speaks(tmp_path: Path) -> None:
    space = workspace(tmp_path, a__one="x = f(1)\ny = g(2)\n", a__two="z = 3\ny = h(4)\n")
    assert said(copy, space, "x = f(1)\ny = |\n") == "g(2)"
    assert said(copy, space, "z = 3\ny = |\n") == "h(4)"


def test_of_equal_ones_what_follows_the_line_decides(tmp_path: Path) -> None:
    space = workspace(tmp_path, a__one="with a:\n    b()\n    c()\nwith a:\n    d()\n    e()\n")
    assert said(copy, space, "with a:\n    |\n    e()\n") == "d()"
    assert said(copy, space, "with a:\n    |\n    c()\n") == "b()"


def test_then_the_same_file_and_then_the_same_folder(tmp_path: Path) -> None:
    space = workspace(tmp_path, A__far="x = far\n", a__near="x = near\n")
    assert said(copy, space, "x = |\n") == "near"
    assert said(copy, space, "x = |\n", path="A/own.py") == "far"
    assert said(copy, space, "x = |\n\nx = own\n") == "own"


def test_the_file_on_disk_is_hidden(tmp_path: Path) -> None:
    space = workspace(tmp_path, a__own="secret = truth\n", a__other="open = other\n")
    assert said(copy, space, "secret = |\n") == "other"
    assert said(write, space, "secret = |\n") == "other"
    assert said(copy, space, "secret = tr|\n") == ""
    assert said(write, space, "secret = tr|\n") == ""


@pytest.mark.parametrize("baseline", [copy, write])
def test_a_word_is_completed_and_blanks_are_its_own(tmp_path: Path, baseline) -> None:
    space = workspace(tmp_path, a__one="value  = compute(1,2)\n")
    assert said(baseline, space, "val|\n") == "ue  = compute(1,2)"
    assert said(baseline, space, "value|\n") == "  = compute(1,2)"
    assert said(baseline, space, "value  = |\n") == "compute(1,2)"
    assert said(baseline, space, "value  = compute(|\n") == "1,2)"


def test_read_literally_a_piece_of_a_word_is_a_token(tmp_path: Path) -> None:
    space = workspace(tmp_path, a__one="value = compute(1)\nval = short(2)\n")
    asked = hole("a/own.py", "val", "\n", space.vocabulary, literal=True)
    assert copy(asked, space) == " = short(2)"
    assert said(copy, space, "valu|\n") == "e = compute(1)"
    asked = hole("a/own.py", "valu", "\n", space.vocabulary, literal=True)
    assert copy(asked, space) == ""


def test_counts_of_the_file_outweigh_those_of_the_workspace(tmp_path: Path) -> None:
    space = workspace(tmp_path, b__many="x = common\n" * 5)
    assert said(write, space, "x = |\ny = 1\n") == "common"
    assert said(write, space, "x = |\nx = own\n") == "own"
    folder = workspace(tmp_path, b__many="x = common\n" * 2, a__near="x = near\n")
    assert said(write, folder, "x = |\n") == "near"


@pytest.mark.parametrize("baseline", [copy, write])
@pytest.mark.parametrize("text", ["|", "|\n", "x|", "\n\n  |\n\n", "\r\n|\r\n", "é = '\U0001f600|'\n", "\0|\n"])
def test_any_text_is_answered(tmp_path: Path, baseline, text: str) -> None:
    space = workspace(tmp_path, a__one="x = 1\n", a__empty="")
    assert "\n" not in said(baseline, space, text)
