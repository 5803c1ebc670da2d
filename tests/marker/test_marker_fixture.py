"""Does the marker runner read its fixtures right? A runner that reads them wrong would find everything fine."""

from pathlib import Path

import pytest
from fixture import Expected, read, rewritten, unmark

TEXT = """Why it should hold.

-- a.py --
x == None
#^^ is None
-- b.py --
on disk
-- b.py (unsaved) --
in the ed<CURSOR>itor
-- inline b.py --
in the ed[[itor]]
-- action a.py: Use `is` --
old
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "one.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_sections(tmp_path: Path) -> None:
    fixture = read(write(tmp_path, TEXT))
    assert fixture.why == "Why it should hold."
    assert fixture.files["b.py"].text == "on disk\n"
    assert fixture.opened()["b.py"].text == "in the editor\n"
    assert fixture.opened()["b.py"].cursor == 9
    assert fixture.opened()["a.py"].expected == (Expected(0, 1, 3, "is None"),)
    assert [(one.kind, one.path, one.title, one.text) for one in fixture.goldens] == [
        ("inline", "b.py", "", "in the ed[[itor]]"),
        ("action", "a.py", "Use `is`", "old"),
    ]


def test_an_update_that_changes_nothing_rewrites_the_same_text(tmp_path: Path) -> None:
    fixture = read(write(tmp_path, TEXT))
    answers = {one.header: one.text for one in fixture.goldens}
    assert rewritten(fixture, answers, {"a.py": fixture.files["a.py"].expected}) == TEXT


def test_an_update_moves_carets_and_replaces_goldens(tmp_path: Path) -> None:
    fixture = read(write(tmp_path, TEXT))
    new = rewritten(
        fixture, {"action a.py: Use `is`": "x is None"}, {"a.py": (Expected(0, 5, 9, "new"), Expected(0, 2, 4, "also"))}
    )
    assert "x == None\n# ^^ also\n#    ^^^^ new\n-- b.py --" in new
    assert new.endswith("-- action a.py: Use `is` --\nx is None\n")
    assert "in the ed[[itor]]" in new


def test_carets_may_follow_any_comment_sign() -> None:
    assert unmark("a;\n  // ^^ bad\nb\n").expected == (Expected(0, 5, 7, "bad"),)
    assert unmark("a;\n  // ^^ bad\nb\n").text == "a;\nb\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Why.\n\n-- a.py --\nx\n", "expects nothing"),
        ("-- a.py --\nx<CURSOR>\n-- inline a.py --\n", "does not say why"),
    ],
)
def test_a_fixture_that_proves_nothing_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read(write(tmp_path, text))
