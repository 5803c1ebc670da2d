"""What a model is shown beside the document: definitions, what was edited just now, similar code, within a budget."""

import json
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.agents import context
from copilot_lsp.agents.context import gather, names_near, pack, recently_edited
from copilot_lsp.agents.projects import Project
from copilot_lsp.agents.serving.serving import Serving
from copilot_lsp.agents.settings import AgentSettings
from copilot_lsp.agents.view import OpenDocument, RecentEdit, View
from copilot_lsp.core.document import document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.fill import Chunk
from copilot_lsp.core.text import Position, Span, at
from copilot_lsp.index.crawl import crawl
from copilot_lsp.index.job import MIGRATIONS, Task
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.workspace import Workspace
from copilot_lsp.providers.select import Models
from copilot_lsp.providers.settings import ProviderSettings
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.recall.live import LiveTokens
from copilot_lsp.store.database import open_database
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.workers.pool import Workers

FILES = {
    "prices.py": 'def price_of(item):\n    """What it costs."""\n\n\ndef discount_of(item, rate): ...\n',
    "old.py": "def reckon(basket, tariff):\n    return fold_basket(basket, tariff)\n",
    ".env": "TOKEN=1\n",
}
APP = "from prices import price_of, discount_of\n\n\ndef total(items):\n    basket = tariff = None\n    \n"


@pytest.fixture
def project(tmp_path):
    root, cache = (tmp_path / "root").resolve(), tmp_path / "cache"
    for folder in (root, cache):
        folder.mkdir()
    for name, text in FILES.items():
        (root / name).write_text(text)
    task = Task(root, cache / "index.db", IndexSettings().scope)
    crawl(task.encode(), lambda content: json.loads(content))
    index = Workspace(task, open_database(task.database, MIGRATIONS), Workers(1), None, "")
    yield Project(root, index, Corpus.open(cache))
    index.database.close()


def view_of(project, files, edits=()):
    """A view of some open documents, the first one the subject."""
    opened = {}
    for name, text in files.items():
        made = document(project.index.uri_of(name), text, languages.detect(name) or "plaintext")
        opened[made.uri] = OpenDocument(made, LiveTree(made), LiveTokens())
    first = next(iter(opened.values())).document
    models = Models(ProviderSettings(local_ollama=""))
    return View(first, opened, project, AgentSettings(), models, "1", Serving(), edits)


def typed(view, line, text):
    """The view after some letters were typed at the end of a line of its subject."""
    changed = view.document.replaced([Edit(at(line, len(view.document.line(line))), text)], 1)
    one = view.subject
    one.live.changed(changed)
    opened = {**view.open, changed.uri: OpenDocument(changed, one.live, one.tokens)}
    return replace(view, document=changed, open=opened)


async def test_definitions_come_first_then_similar_code_each_with_a_reason(project):
    found = await gather(view_of(project, {"app.py": APP}), Position(5, 4), tokens=1000)
    assert [one.path for one in found] == ["prices.py", "old.py"]
    assert "def price_of(item):  # What it costs." in found[0].text
    assert found[0].reason == "imported and not used yet"
    assert found[1].reason.startswith("also has tariff, basket")
    assert found[0].score > found[1].score


async def test_what_a_function_imports_by_itself_counts_in_it_and_only_there(project):
    body = "    if items:\n        try:\n            from prices import price_of\n            \n    return 1\n"
    text = f"def total(items):\n{body}\n\ndef other():\n    \n"
    view = view_of(project, {"app.py": text})
    found = await gather(view, Position(4, 12), tokens=1000)
    assert found[0].reason == "imported and not used yet"
    assert not [one for one in await gather(view, Position(9, 4), tokens=1000) if "imported" in one.reason]


async def test_the_answer_stays_while_a_line_is_typed_and_is_made_anew_for_another(project):
    view = view_of(project, {"app.py": APP})
    first = await gather(view, Position(5, 4), tokens=1000)
    view = typed(view, 5, "pri")
    again = await gather(view, Position(5, 7), tokens=1000)
    assert all(one is other for one, other in zip(first, again, strict=True))
    view = typed(view, 5, "ce_of(items)\n    ")
    other = await gather(view, Position(6, 4), tokens=1000)
    assert other[0].reason.startswith("imported and not used yet")
    assert all(one is not before for one in other for before in first)


async def test_what_was_found_does_not_hold_for_ever(project, monkeypatch):
    view = view_of(project, {"app.py": APP})
    first = await gather(view, Position(5, 4), tokens=1000)
    monkeypatch.setattr(context, "_SECONDS", 0.0)
    assert (await gather(view, Position(5, 4), tokens=1000))[0] is not first[0]


async def test_without_a_workspace_nothing_is_found(project):
    view = replace(view_of(project, {"app.py": APP}), project=None)
    assert await gather(view, Position(5, 4), tokens=1000) == ()


async def test_a_view_that_the_document_has_left_behind_still_gets_an_answer(project):
    view = view_of(project, {"app.py": APP})
    typed(view, 0, " ")
    assert await gather(view, Position(5, 4), tokens=1000)


async def test_an_open_document_hides_its_file_and_shows_what_it_holds_now(project):
    view = view_of(project, {"app.py": APP, "prices.py": "def price_of(item, currency): ...\n"})
    for one in view.open.values():
        await one.live.settle(one.document)
    found = await gather(view, Position(5, 4), tokens=1000)
    assert [one.text for one in found if one.path == "prices.py"] == ["def price_of(item, currency):"]


def test_the_definition_that_was_edited_last_is_shown_as_it_is_now(project):
    text = "LIMIT = 3\n\n\ndef fresh(one):\n    return one\n"
    view = view_of(project, {"app.py": APP, "new.py": text})
    uri = project.index.uri_of("new.py")
    now = time.monotonic()

    def edit(uri, line, ago):
        return RecentEdit(uri, Edit(at(line, 0), "x"), 0, "", now - ago)

    edits = (edit(uri, 4, 130), edit("file:///gone.py", 0, 5), edit(view.document.uri, 0, 1), edit(uri, 3, 2))
    (one,) = recently_edited(replace(view, edits=edits), now)
    assert (one.path, one.reason) == ("new.py", "edited just now")
    assert one.text.endswith("return one\n") or "def fresh(one):" in one.text
    (older,) = recently_edited(replace(view, edits=edits[:1]), now)
    assert older.reason == "edited 2 minutes ago"
    assert older.score < one.score


def test_a_file_of_keys_is_not_shown_because_it_was_edited(project):
    view = view_of(project, {"app.py": APP, ".env": "TOKEN=12\n"})
    edit = RecentEdit(project.index.uri_of(".env"), Edit(at(0, 7), "2"), 0, "", time.monotonic())
    assert recently_edited(replace(view, edits=(edit,)), time.monotonic()) == ()


async def test_an_edit_in_a_parsed_document_shows_its_whole_definition(project):
    view = view_of(
        project, {"app.py": APP, "new.py": "def a():\n    return 1\n\n\ndef b(x):\n    y = x\n    return y\n"}
    )
    uri = project.index.uri_of("new.py")
    await view.open[uri].live.settle(view.open[uri].document)
    now = time.monotonic()
    (one,) = recently_edited(replace(view, edits=(RecentEdit(uri, Edit(at(5, 4), "y"), 0, "", now - 70),)), now)
    assert (one.name, one.text, one.reason) == ("b", "def b(x):\n    y = x\n    return y", "edited 1 minute ago")


def chunk(score: float, size: int) -> Chunk:
    return Chunk("file:///a", "a", at(0, 0), "x" * size, score=score)


def test_names_are_nearest_first_and_stop_at_the_cursor() -> None:
    doc = document("file:///a.py", "alpha = 1\nbeta(alpha, ab)\ngamma.delta")
    assert names_near(doc, Position(2, 5)) == ("gamma", "alpha", "beta")
    assert names_near(doc, Position(0, 0)) == ()


def test_a_chunk_that_does_not_fit_is_left_out_whole() -> None:
    big, small, best = chunk(2.0, 1000), chunk(1.0, 100), chunk(3.0, 100)
    assert pack([small, big, best], tokens=100) == (best, small)


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 400)), max_size=10), st.integers(0, 300))
def test_packed_chunks_never_exceed_the_budget(sizes: list[tuple[float, int]], tokens: int) -> None:
    packed = pack([chunk(score, size) for score, size in sizes], tokens)
    assert sum(len(one.text) for one in packed) <= tokens * 3.3
    assert list(packed) == sorted(packed, key=lambda one: -one.score)


def test_of_what_does_not_fit_together_that_is_shown_which_is_worth_most_for_its_length() -> None:
    long, short, other = chunk(0.5, 300), chunk(0.4, 100), chunk(0.3, 100)
    assert pack([long, short, other], tokens=95) == (short, other)
    assert Span(Position(0, 0), Position(0, 0)) == long.span
