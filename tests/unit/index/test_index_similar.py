"""Code that shares rare names is found by them alone; names that are everywhere, and hidden files, do not count."""

import pytest

from copilot_lsp.core.errors import StoreError
from copilot_lsp.index.similar import similar

COMMON = {f"many/part_{number}.py": f"def run_{number}(everywhere):\n    return everywhere\n" for number in range(60)}
FILES = {
    "one.py": "def first(gadget_count):\n    return fold_gadgets(gadget_count, everywhere)\n",
    "two.py": "def second():\n    fold_gadgets(gadget_count, other_thing)\n",
    "three.py": "def third():\n    return fold_gadgets()\n",
    **COMMON,
}


@pytest.fixture
def workspace(folder):
    folder.write(FILES)
    folder.crawl()
    return folder.open()


def test_pieces_that_share_most_of_the_rare_names_come_first_and_say_which(workspace):
    found = similar(workspace, ["fold_gadgets", "gadget_count", "other_thing", "everywhere"], (), 5)
    assert [one.path for one in found] == ["two.py", "one.py"]
    assert found[0].score == 1.0
    assert found[0].reason == "also has fold_gadgets, gadget_count, other_thing"
    assert found[0].text == FILES["two.py"].rstrip()


def test_one_shared_name_is_chance_and_a_common_one_nothing(workspace):
    assert similar(workspace, ["other_thing", "everywhere"], (), 5) == ()
    assert similar(workspace, [], (), 5) == ()


def test_hidden_and_stale_files_are_left_out(workspace):
    names = ["fold_gadgets", "gadget_count"]
    assert [one.path for one in similar(workspace, names, ["two.py"], 5)] == ["one.py"]
    (workspace.root / "one.py").write_text("changed = 1\n")
    (workspace.root / "two.py").unlink()
    assert similar(workspace, names, (), 5) == ()


def test_an_index_that_cannot_be_read_gives_nothing_and_is_told(workspace, monkeypatch):
    told = []
    monkeypatch.setattr(workspace, "unreadable", told.append)
    workspace.database.close()
    assert similar(workspace, ["fold_gadgets"], (), 5) == ()
    assert isinstance(told[0], StoreError)
