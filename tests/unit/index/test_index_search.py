"""Pieces are found by words, names and likeness, with reasons; what is open or stale is not shown."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot_lsp.index import lexical
from copilot_lsp.index.files import files
from copilot_lsp.index.follow import follow
from copilot_lsp.index.graph import distance, neighbours
from copilot_lsp.index.search import search
from copilot_lsp.index.symbols import complete_prefix, count_references, find

FILES = {
    "app/__init__.py": "",
    "app/models.py": (
        "class Account:\n"
        '    """What a customer owes."""\n\n'
        "    def total_balance(self):\n        return sum(entry.amount for entry in self.entries)\n\n\n"
        "class Ledger:\n    def rebalance(self):\n        return None\n"
    ),
    "app/views.py": (
        "from app.models import Account\nfrom . import forms\n\n\n"
        "def show_account(request):\n    account = Account.load(request)\n    return account.total_balance()\n"
    ),
    "app/forms.py": "import app.models\n\n\ndef parse_form(data):\n    return dict(data)\n",
    "web/cart.ts": 'import { sum } from "./math";\n\nexport function cartTotal(items: Item[]) { return sum(items); }\n',
    "web/math.ts": "export function sum(values: number[]) {\n  return values.length;\n}\n",
    "notes.txt": "The cookies are signed with a secret key.\n",
}


@pytest.fixture
def workspace(folder):
    folder.write(FILES)
    folder.crawl()
    follow(folder.task().encode(), lambda content: None)
    return folder.open()


def ask(workspace, query, **options):
    return asyncio.run(search(workspace, query, **options))


def test_a_name_finds_its_definition_first_and_says_why(workspace):
    first = ask(workspace, "total_balance")[0]
    assert (first.path, first.name) == ("app/models.py", "Account")
    assert "def total_balance" in first.text
    assert first.reason.startswith("defines total_balance")
    assert 0 < first.score <= 1
    assert first.uri == workspace.uri_of("app/models.py")


def test_a_chunk_is_the_text_at_its_span(workspace):
    for chunk in ask(workspace, "account sum values form"):
        lines = FILES[chunk.path].split("\n")[chunk.span.start.line : chunk.span.end.line + 1]
        assert chunk.text in "\n".join(lines)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_part_of_a_very_long_line_is_cut_out_of_it(folder, ending):
    head = f"class A:{ending}    pass{ending}{ending}{ending}"
    folder.write({"a.py": f"{head}zebras = [{', '.join(f'zebra_{number}' for number in range(400))}]{ending}"})
    folder.crawl()
    text = (folder.root / "a.py").read_bytes().decode()
    for chunk in ask(folder.open(), "zebra"):
        start, end = chunk.span.start, chunk.span.end
        assert start.line == end.line == 4
        assert chunk.text == text[len(head) :][start.column : end.column]


def test_words_of_a_question_find_text_without_a_grammar(workspace):
    assert ask(workspace, "where are cookies signed?")[0].path == "notes.txt"


def test_parts_of_names_are_words(workspace):
    assert ask(workspace, "cart total")[0].path == "web/cart.ts"
    assert "app/models.py" in {chunk.path for chunk in ask(workspace, "total balance")}


def test_of_equal_words_the_code_comes_before_its_tests_unless_they_are_asked_for(folder):
    body = "def sign_cookie(value):\n    return value\n"
    folder.write({"a/test_signing.py": body, "b/signing.py": body, "docs/signing.md": "sign cookie\n"})
    folder.crawl()
    workspace = folder.open()
    assert ask(workspace, "which code may sign a cookie?")[0].path == "b/signing.py"
    assert (
        ask(workspace, "the test that signs a cookie value: test sign cookie", limit=1)[0].path == "a/test_signing.py"
    )


def test_other_forms_of_a_word_are_found_also_inside_of_capitalised_names(folder):
    folder.write({"a.py": "def unrelated():\n    return 1\n", "b.py": "class HTTPCookieSigner:\n    pass\n"})
    folder.crawl()
    found = ask(folder.open(), "where are cookies signed?")
    assert [chunk.path for chunk in found] == ["b.py"]
    assert found[0].reason.startswith("name says cookies signed")


def test_a_word_in_the_name_or_path_counts_more_than_one_in_the_text(folder):
    folder.write(
        {
            "one.py": "def load(row):\n    account = row.account\n    return account\n",
            "two.py": "def load_account(row):\n    return row\n",
            "account.py": "def load(row):\n    return row\n",
        }
    )
    folder.crawl()
    found = ask(folder.open(), "how to load an account")
    assert found[0].path == "two.py"
    assert found[0].reason.startswith("name says load account")
    assert "path says account" in next(chunk.reason for chunk in found if chunk.path == "account.py")


def test_words_that_are_everywhere_are_found_in_names_and_raise_what_is_found(folder, monkeypatch):
    monkeypatch.setattr(lexical, "_COMMON", 5)
    folder.write({f"f{number}.py": f"def shape{number}(size):\n    return size\n" for number in range(9)})
    folder.write({"extent.py": "def size():\n    return 3\n", "rare.py": "def other(size):\n    return zebra\n"})
    folder.crawl()
    workspace = folder.open()
    assert [chunk.path for chunk in ask(workspace, "size")] == ["extent.py"]
    assert [chunk.path for chunk in ask(workspace, "size of the zebra")] == ["rare.py", "extent.py"]


def test_words_that_are_everywhere_and_in_no_name_are_found_nevertheless(folder, monkeypatch):
    monkeypatch.setattr(lexical, "_COMMON", 5)
    folder.write({f"f{number}.py": f"def shape{number}(size):\n    return size\n" for number in range(9)})
    folder.crawl()
    assert len(ask(folder.open(), "size")) == 9


def test_who_asks_in_other_words_than_the_code_has_finds_it(folder):
    folder.write({"a.py": "def dump(rows):\n    return rows\n", "b.py": "def parse(rows):\n    return rows\n"})
    folder.crawl()
    found = ask(folder.open(), "where are they written?")
    assert [(chunk.path, chunk.reason) for chunk in found] == [("a.py", "name says dump")]


def test_irregular_forms_and_british_spellings_are_words_as_well(folder):
    folder.write({"a.py": "def write_color():\n    pass\n", "b.py": "def other():\n    pass\n"})
    folder.crawl()
    assert [chunk.path for chunk in ask(folder.open(), "where are colours written?")] == ["a.py"]


def test_what_was_saved_after_a_search_is_found_by_its_new_name(folder):
    folder.write({"a.py": "def zebra():\n    pass\n", "b.py": "def lion():\n    pass\n"})
    folder.write({f"other{number}.py": f"def other{number}():\n    pass\n" for number in range(5)})
    folder.crawl()
    workspace = folder.open()
    assert [chunk.path for chunk in ask(workspace, "zebra")] == ["a.py"]
    folder.write({"a.py": "def horse():\n    pass\n", "c.py": "def zebra():\n    pass\n"})
    (folder.root / "b.py").unlink()
    folder.crawl()
    assert [chunk.path for chunk in ask(workspace, "zebra")] == ["c.py"]
    assert [chunk.path for chunk in ask(workspace, "horse")] == ["a.py"]
    assert ask(workspace, "lion") == ()


def test_of_a_long_definition_only_its_best_pieces_are_shown(folder):
    body = "\n\n".join(f"    zebra_{number} = {'x' * 700}" for number in range(20))
    folder.write({"long.py": f"def herd():\n{body}\n"})
    folder.crawl()
    assert len(ask(folder.open(), "zebra herd")) == 2


def test_open_documents_are_not_taken_from_disk(workspace):
    hidden = frozenset({workspace.uri_of("app/models.py"), "untitled:1", "file:///elsewhere/a.py"})
    found = ask(workspace, "total_balance Account", exclude=hidden)
    assert found
    assert "app/models.py" not in {chunk.path for chunk in found}
    assert find(workspace, "Account", exclude=hidden) == ()
    assert count_references(workspace, ["rebalance"], exclude=hidden) == {"rebalance": 0}


def test_a_file_that_changed_on_disk_is_not_shown_until_it_is_indexed(workspace, folder):
    folder.write({"notes.txt": "Now about something else, cookies too.\n"})
    assert "notes.txt" not in {chunk.path for chunk in ask(workspace, "cookies signed")}
    (folder.root / "notes.txt").unlink()
    assert "notes.txt" not in {chunk.path for chunk in ask(workspace, "cookies signed")}


def test_the_limit_holds(workspace):
    assert len(ask(workspace, "account total sum form", limit=2)) == 2
    assert ask(workspace, "account", limit=0) == ()
    assert ask(workspace, "") == ()


def test_without_vectors_words_and_symbols_are_searched(folder):
    folder.write(FILES)
    folder.crawl()
    found = ask(folder.open(vectors=False), "total_balance")
    assert found[0].reason.startswith("defines total_balance, ")
    assert "similar" not in "".join(chunk.reason for chunk in found)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(query=st.text(max_size=60))
def test_any_query_is_answered(workspace, query):
    ask(workspace, query, limit=3)


@pytest.mark.parametrize("query", ['a" OR b', "file_1.py", "NEAR(a b)", "name:x", "^a*", "'; DROP TABLE files; --"])
def test_the_syntax_of_the_full_text_index_means_nothing(workspace, query):
    ask(workspace, query)
    assert workspace.database is not None


def test_definitions_are_found_by_name_in_its_case(workspace):
    (found,) = find(workspace, "Account")
    assert (found.path, found.kind, found.doc) == ("app/models.py", "class", "What a customer owes.")
    assert (found.name_span.start.column, found.name_span.end.column) == (6, 13)
    assert found.span.start.line == 0
    (method,) = find(workspace, "total_balance")
    assert (method.container, method.kind) == ("Account", "method")
    assert find(workspace, "account") == ()


def test_a_prefix_is_completed_in_any_case_shortest_first(workspace):
    assert [one.name for one in complete_prefix(workspace, "S")] == ["sum", "show_account"]
    assert [one.name for one in complete_prefix(workspace, "s", limit=1)] == ["sum"]
    assert complete_prefix(workspace, "") == ()
    assert complete_prefix(workspace, "%") == ()


def test_references_are_counted_as_whole_names(workspace):
    assert count_references(workspace, ["Account", "sum", "balance", "nowhere"]) == {
        "Account": 3,
        "sum": 4,
        "balance": 0,
        "nowhere": 0,
    }
    assert count_references(workspace, []) == {}


def test_files_are_listed(workspace):
    listed = {one.path: one for one in files(workspace)}
    assert set(listed) == set(FILES)
    assert listed["web/cart.ts"].language == "typescript"
    assert listed["app/models.py"].size == len(FILES["app/models.py"])
    assert len(bytes.fromhex(listed["notes.txt"].digest)) == 16


def test_neighbours_are_what_a_file_imports_then_what_imports_it(workspace):
    assert neighbours(workspace, "app/views.py") == ("app/models.py", "app/forms.py")
    assert set(neighbours(workspace, "app/models.py")) == {"app/views.py", "app/forms.py"}
    assert neighbours(workspace, "web/cart.ts") == ("web/math.ts",)
    assert neighbours(workspace, "web/math.ts") == ("web/cart.ts",)
    assert neighbours(workspace, "nowhere.py") == ()


def test_a_library_does_not_become_a_file_of_the_same_name_elsewhere(folder):
    folder.write({"a/gzip.py": "", "b/user.py": "import gzip\n", "a/near.py": "import gzip\n"})
    folder.crawl()
    workspace = folder.open()
    assert neighbours(workspace, "b/user.py") == ()
    assert neighbours(workspace, "a/near.py") == ("a/gzip.py",)
    assert neighbours(workspace, "a/gzip.py") == ("a/near.py",)


def test_a_grammar_that_was_taken_away_breaks_nothing(workspace):
    with workspace.database.write() as connection:
        connection.execute("UPDATE files SET language = 'klingon'")
    assert neighbours(workspace, "app/views.py") == ()


@pytest.mark.parametrize(
    ("one", "two", "far"), [("a.py", "b.py", 0), ("a/b.py", "c.py", 1), ("a/b/c.py", "a/d/e.py", 2)]
)
def test_distance_counts_folders(one, two, far):
    assert distance(one, two) == far
