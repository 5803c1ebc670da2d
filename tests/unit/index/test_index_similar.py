"""Code is similar by rare names that it shares and by all its words; what is everywhere, or hidden, does not count."""

import pytest

from copilot_lsp.core.errors import StoreError
from copilot_lsp.index.follow import follow
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
    found = similar(workspace, ["fold_gadgets", "gadget_count", "other_thing", "everywhere"], "", (), 5)
    assert [one.path for one in found] == ["two.py", "one.py"]
    assert found[0].score == 1.0
    assert found[0].reason == "also has fold_gadgets, gadget_count, other_thing"
    assert found[0].text == FILES["two.py"].rstrip()


def test_one_shared_name_is_chance_and_a_common_one_nothing(workspace):
    assert similar(workspace, ["other_thing", "everywhere"], "", (), 5) == ()
    assert similar(workspace, [], "", (), 5) == ()


def test_hidden_and_stale_files_are_left_out(workspace):
    names = ["fold_gadgets", "gadget_count"]
    assert [one.path for one in similar(workspace, names, "", ["two.py"], 5)] == ["one.py"]
    (workspace.root / "one.py").write_text("changed = 1\n")
    (workspace.root / "two.py").unlink()
    assert similar(workspace, names, "", (), 5) == ()


def test_code_with_the_same_words_is_found_without_a_rare_name_in_turn_with_those(folder):
    folder.write(FILES | {"four.py": "def total_of_orders(orders):\n    return sum(order.price for order in orders)\n"})
    folder.crawl()
    follow(folder.task().encode(), lambda content: None)
    workspace = folder.open()
    code = "def price_of_order(order):\n    total = sum(line.price for line in order.lines)\n"
    alike = similar(workspace, [], code, (), 5)
    assert [(one.path, one.reason) for one in alike] == [("four.py", "is like the lines above")]
    assert alike[0].score > 0.4
    both = similar(workspace, ["fold_gadgets", "gadget_count", "other_thing"], code, (), 5)
    assert [one.path for one in both] == ["two.py", "four.py", "one.py"]
    assert similar(workspace, [], code, ["four.py"], 5) == ()
    assert similar(folder.open(vectors=False), [], code, (), 5) == ()


def test_an_index_that_cannot_be_read_gives_nothing_and_is_told(workspace, monkeypatch):
    told = []
    monkeypatch.setattr(workspace, "unreadable", told.append)
    workspace.database.close()
    assert similar(workspace, ["fold_gadgets"], "", (), 5) == ()
    assert isinstance(told[0], StoreError)
