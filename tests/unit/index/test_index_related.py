"""What code needs next is found by what its imports and the names in sight mean; what is open or gone is not shown."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot_lsp.core.document import document
from copilot_lsp.core.errors import StoreDamaged
from copilot_lsp.core.text import Position
from copilot_lsp.index.defined import Opened
from copilot_lsp.index.related import Subject, related
from copilot_lsp.index.worth import _WEIGHTS, _WORDS, Unit, chance, reason
from copilot_lsp.syntax.imports import imports
from copilot_lsp.syntax.symbols import symbols
from copilot_lsp.syntax.tree import parse

FILES = {
    "shop/__init__.py": "from shop.accounts import Account\nfrom .prices import *\n",
    "shop/accounts.py": (
        "class Base:\n    def save(self): ...\n\n\n"
        'class Account(Base):\n    """What a customer owes."""\n\n    def balance(self) -> int: ...\n'
    ),
    "shop/prices.py": (
        "from shop.accounts import Account\n\n\n"
        'def price_of(item) -> Account:\n    """What it costs."""\n\n\ndef discount(item): ...\n'
    ),
    "shop/report.py": "class QuerySet:\n    def annotate(self): ...\n    def filter_rows(self): ...\n",
    "shop/wide.py": "class Wide:\n"
    + "".join(f"    def method_{number:03}(self, argument): ...\n" for number in range(120)),
    "tests/test_prices.py": "def test_it(): ...\n",
    "go/a.go": "package shop\n\ntype Cart struct{ Items []int }\n\nfunc NewCart() *Cart { return nil }\n",
    "go/b.go": "package shop\n\nfunc fill() {\n\tcart := NewCart()\n\t\n}\n",
}


@pytest.fixture
def workspace(folder):
    folder.write(FILES)
    folder.crawl()
    return folder.open()


def ask(workspace, path, text, opened=None, **options):
    """What is found at the `|` of a text."""
    before, _, after = text.partition("|")
    language = {"py": "python", "go": "go"}.get(path.rpartition(".")[2], "plaintext")
    made = document(workspace.uri_of(path), before + after, language)
    tree = parse(made) if language != "plaintext" else None
    holds = Opened(symbols(tree), imports(tree)) if tree else Opened()
    line, column = before.count("\n"), len(before) - (before.rfind("\n") + 1)
    return related(workspace, Subject(made, tree, holds), Position(line, column), opened or {}, **options)


def shown(chunks):
    return {f"{one.path}:{one.name}": one for one in chunks}


def test_an_imported_name_that_waits_for_its_first_use_comes_first_with_its_signature(workspace):
    first = ask(workspace, "app.py", "from shop.prices import price_of\n\n\ndef total():\n    |\n")[0]
    assert (first.path, first.text) == ("shop/prices.py", "def price_of(item) -> Account:  # What it costs.")
    assert first.reason == "imported and not used yet"
    assert first.span.start.line == 3
    assert first.uri == workspace.uri_of("shop/prices.py")
    assert 0 < first.score < 1


def test_a_name_is_followed_through_files_that_pass_it_on(workspace):
    found = shown(ask(workspace, "app.py", "from shop import Account, discount\n\n\ndef total():\n    |\n"))
    assert "def balance(self) -> int" in found["shop/accounts.py:Account"].text
    assert found["shop/prices.py:definitions"].text == "def discount(item):"


def test_a_class_below_another_one_has_the_outline_of_its_base_even_through_two_files(workspace):
    text = "from shop import Account\n\n\nclass Vip(Account):\n    def spend(self):\n        self.|\n"
    found = shown(ask(workspace, "app.py", text))
    assert found["shop/accounts.py:Base"].text == "class Base:\n    def save(self):"
    assert "base class" in found["shop/accounts.py:Base"].reason


def test_what_a_used_function_gives_is_shown(workspace):
    text = "from shop.prices import price_of\n\n\ndef total(item):\n    account = price_of(item)\n    |\n"
    assert "type of what is used nearby" in shown(ask(workspace, "app.py", text))["shop/accounts.py:Account"].reason


def test_members_used_nearby_tell_the_class_of_what_has_no_type(workspace):
    text = "def rows(source):\n    source.annotate()\n    source.filter_rows()\n    |\n"
    assert "has members used nearby" in shown(ask(workspace, "app.py", text))["shop/report.py:QuerySet"].reason
    text = "def rows(query_set):\n    use(query_set)\n    |\n"
    assert "called like" in shown(ask(workspace, "app.py", text))["shop/report.py:QuerySet"].reason


def test_a_module_that_is_imported_as_a_whole_shows_what_it_has(workspace):
    found = shown(
        ask(workspace, "app.py", "from shop import prices as p\n\n\ndef total(item):\n    p.discount(1)\n    |")
    )
    assert "def discount(item)" in found["shop/prices.py:definitions"].text
    assert "used nearby of an imported module" in found["shop/prices.py:definitions"].reason


def test_where_imports_stand_names_are_found_that_the_file_uses_without(workspace):
    text = "import os\n|\n\n\ndef total(item):\n    return discount(item) + os.getpid()\n"
    found = shown(ask(workspace, "app.py", text))
    assert found["shop/prices.py:definitions"].reason.startswith("used in this file, not imported yet")


def test_files_of_one_folder_see_each_other_in_a_language_without_imports_between_them(workspace):
    found = shown(ask(workspace, "go/b.go", "package shop\n\nfunc fill() {\n\tcart := NewCart()\n\t|\n}\n"))
    assert "func NewCart() *Cart" in found["go/a.go:definitions"].text
    assert found["go/a.go:definitions"].reason.startswith("named nearby, same folder")


def test_a_file_of_tests_shows_what_it_tests(workspace):
    found = shown(ask(workspace, "tests/test_prices.py", "def test_it():\n    |\n"))
    assert found["shop/prices.py:definitions"].reason == "what is tested here"


def test_files_that_are_open_or_changed_come_behind_what_is_in_use(workspace):
    text = "from shop.prices import price_of\n\n\ndef total():\n    |\n"
    tree = parse(document(workspace.uri_of("shop/report.py"), "def fresh(): ...\n", "python"))
    opened = {"shop/report.py": Opened(symbols(tree), ())}
    found = ask(workspace, "app.py", text, opened, changed=("shop/wide.py",))
    assert found[0].path == "shop/prices.py"
    reasons = {one.path: one.reason for one in found}
    assert reasons["shop/report.py"] == "open in the editor"
    assert reasons["shop/wide.py"] == "changed since the last commit"


def test_an_open_document_answers_instead_of_its_file(workspace):
    text = "from shop.prices import price_of, discount\n\n\ndef total():\n    |\n"
    tree = parse(document(workspace.uri_of("shop/prices.py"), "def price_of(item, tax): ...\n", "python"))
    found = ask(workspace, "app.py", text, {"shop/prices.py": Opened(symbols(tree), imports(tree))})
    assert [one.text for one in found if one.path == "shop/prices.py"] == ["def price_of(item, tax):"]
    assert not [one for one in ask(workspace, "app.py", text, {"shop/prices.py": None}) if "prices" in one.path]


def test_the_document_itself_is_never_shown(workspace):
    text = FILES["shop/accounts.py"].replace("...", "self.balance()|", 1)
    assert not [one for one in ask(workspace, "shop/accounts.py", text) if one.path == "shop/accounts.py"]


def test_nothing_changes_from_one_typed_letter_to_the_next(workspace):
    head = "from shop.prices import price_of, discount\n\n\ndef total(item):\n    price_of(item)\n    "
    answers = {ask(workspace, "app.py", f"{head}{typed}|\n") for typed in ("", "d", "di", "disc", "discount")}
    assert len(answers) == 1


def test_a_large_class_is_shown_in_parts_the_likeliest_first(workspace):
    text = "from shop.wide import Wide\n\n\ndef use(wide: Wide):\n    wide.method_111()\n    |\n"
    parts = [one for one in ask(workspace, "app.py", text) if one.name.startswith("Wide")]
    assert [one.name for one in parts] == ["Wide", "Wide (2)", "Wide (3)"]
    assert "method_111" in parts[0].text
    assert all(len(one.text) <= 1_700 and one.text.startswith("class Wide:") for one in parts)
    assert parts[0].score > parts[1].score > parts[2].score


def test_fields_that_only_methods_know_are_in_the_outline_while_the_file_is_as_it_was_indexed(folder, workspace):
    written = "class Box:\n    def __init__(self, size):\n        self.size: int = size\n        self.size = 2\n"
    folder.write({"shop/box.py": written})
    folder.crawl()
    text = "from shop.box import Box\n\n\ndef use(box: Box):\n    |\n"
    outline = "class Box:\n    def __init__(self, size):\n    self.size: int = size"
    assert shown(ask(workspace, "app.py", text))["shop/box.py:Box"].text == outline
    opened = "class Box:\n    def fill(self):\n        self.full = True\n"
    tree = parse(document(workspace.uri_of("shop/box.py"), opened, "python"))
    found = shown(ask(workspace, "app.py", text, {"shop/box.py": Opened(symbols(tree), (), opened)}))
    assert found["shop/box.py:Box"].text == "class Box:\n    def fill(self):\n    self.full = True"
    folder.write({"shop/box.py": "\n\nself.other = 1\n"})
    assert "self." not in shown(ask(workspace, "app.py", text))["shop/box.py:Box"].text


def test_every_kind_of_evidence_has_weights_and_words():
    assert _WEIGHTS.keys() == _WORDS.keys()
    for kind, (own, its) in _WEIGHTS.items():
        unit, nothing = Unit("a.py", "A", {kind: 0.5, f"its {kind}": 0.5}), Unit("a.py", "A")
        assert chance(unit) > chance(nothing)
        assert own >= 0 <= its
        assert reason(unit) == _WORDS[kind]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("ab.(){}[]:=\n\t \r#\"'\U0001f600import", max_size=60), st.sampled_from(["app.py", "x.go", "x.unknown"]))
def test_any_text_gives_something_sensible_or_nothing(workspace, text, path):
    for position in (text + "|", "|" + text, f"def f(:\n  {text}|"):
        for one in ask(workspace, path, position):
            assert one.text
            assert one.reason


def test_an_index_that_cannot_be_read_gives_nothing_and_is_told(workspace, monkeypatch):
    def fail():
        raise StoreDamaged("torn")

    told = []
    monkeypatch.setattr(workspace.database, "read", fail)
    monkeypatch.setattr(workspace, "unreadable", told.append)
    assert ask(workspace, "app.py", "from shop import Account\n|") == ()
    assert str(told[0]) == "torn"


def test_a_file_outside_of_the_workspace_is_served_too(workspace):
    made = document("untitled:one", "from shop import Account\n\n", "python")
    tree = parse(made)
    found = related(workspace, Subject(made, tree, Opened((), imports(tree))), Position(1, 0), {})
    assert "shop/accounts.py" in {one.path for one in found}


def test_what_imports_mean_is_forgotten_when_the_index_changes(folder, workspace):
    text = "from shop.late import thing\n\n\ndef total():\n    |\n"
    assert ask(workspace, "app.py", text) == ()
    folder.write({"shop/late.py": "def thing(): ...\n"})
    folder.crawl()
    assert [one.path for one in ask(workspace, "app.py", text)] == ["shop/late.py"]
