"""Pieces are found by words, names and likeness, with reasons; what is open or stale is not shown."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot_lsp.index import vectors
from copilot_lsp.index.files import files
from copilot_lsp.index.follow import follow
from copilot_lsp.index.graph import distance, neighbours
from copilot_lsp.index.rank import fuse
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


def test_words_of_a_question_find_text_without_a_grammar(workspace):
    assert ask(workspace, "where are cookies signed?")[0].path == "notes.txt"


def test_parts_of_names_are_words(workspace):
    assert ask(workspace, "cart total")[0].path == "web/cart.ts"
    assert "app/models.py" in {chunk.path for chunk in ask(workspace, "total balance")}


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
    assert {reason for chunk in found for reason in chunk.reason.split(", ")} == {"defines total_balance", "same words"}


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


def test_rankings_are_joined_and_the_strongest_reason_comes_first():
    fused = fuse({"words": [1, 2], "vectors": [2, 3]}, {"words": 1.0, "vectors": 0.9})
    assert [item for item, _, _ in fused] == [2, 1, 3]
    assert fused[0][2] == ("words", "vectors")


def test_both_ways_to_find_nearest_vectors_agree(workspace):
    """With sqlite-vec in the database, and without it by reading the vectors."""
    vector = vectors.embed_built_in(workspace.database, "account total balance")
    hidden = [row[0] for row in workspace.database._writer.execute("SELECT id FROM files WHERE path = 'notes.txt'")]
    with workspace.database.read() as connection:
        fast = vectors.nearest(connection, 0, vector, 5, hidden)
        slow = vectors.nearest_by_scan(connection, 0, vector, 5, hidden)
        assert fast == slow
        assert len(fast) == 5
        assert (
            vectors.nearest_by_scan(connection, 0, vector[:8], 5) == vectors.nearest(connection, 0, vector[:8], 5) == []
        )


def test_where_the_extension_is_missing_or_does_not_load_the_scan_answers(workspace, monkeypatch):
    expected = [chunk.path for chunk in ask(workspace, "total_balance")]
    for path in (None, "/nowhere/vec0"):
        monkeypatch.setattr(vectors, "_extension_path", lambda path=path: path)
        workspace.database.close()
        assert [chunk.path for chunk in ask(_again(workspace), "total_balance")] == expected


def _again(workspace):
    from copilot_lsp.index.crawl import MIGRATIONS
    from copilot_lsp.store.database import open_database

    workspace.database = open_database(workspace.database.path, MIGRATIONS)
    return workspace
