"""The agent and what shows its answer: freshness, the model's part, the code action."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from next_edits_case import Case, play, read_cases

from copilot_lsp.agents.events import Event, NextEditsEvent
from copilot_lsp.agents.next_edits.follow import next_edits as next_edits_of
from copilot_lsp.agents.next_edits.rank import ranked
from copilot_lsp.agents.next_edits.scene import Cause
from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.agents.serving.serving import Serving
from copilot_lsp.agents.settings import AgentSettings, PoolSettings
from copilot_lsp.agents.view import OpenDocument, View
from copilot_lsp.core.errors import Superseded
from copilot_lsp.core.text import Position, Span
from copilot_lsp.features.action import Selection
from copilot_lsp.features.actions.next_edits import ACTION
from copilot_lsp.features.next_edits import next_edits, next_edits_now
from copilot_lsp.providers.select import Models
from copilot_lsp.providers.settings import EndpointSettings, ProviderSettings
from copilot_lsp.recall.live import LiveTokens
from copilot_lsp.syntax.live import LiveTree

RENAME = """== a rename ==
-- a.py --
def f({{total=>count}}):
    '''total'''
    return total + total
"""
CALL = """== a call is edited ==
-- a.py --
first = load({{"a"=>open("a")}})
second = load("b")
third = dump("c")
"""


def case_of(tmp_path: Path, text: str) -> Case:
    path = tmp_path / "case.txt"
    path.write_text(text, encoding="utf-8")
    return read_cases(path)[0]


def view_of(case: Case, root: Path, models: Models | None = None) -> tuple[View, Position]:
    scene = play(case, root)
    opened = {
        uri: OpenDocument(tree.document, LiveTree(tree.document), LiveTokens()) for uri, tree in scene.trees.items()
    }
    view = View(
        document=scene.document,
        open=opened,
        project=None,
        settings=AgentSettings(),
        models=models or Models(ProviderSettings(local_ollama="")),
        session="1",
        serving=Serving(),
        edits=scene.edits,
    )
    return view, scene.cursor


@asynccontextmanager
async def scripted(folder: Path, *replies: dict[str, object]) -> AsyncIterator[Models]:
    """Models that answer from a script."""
    script = folder / "replies.json"
    script.write_text(json.dumps(replies), encoding="utf-8")
    models = Models(ProviderSettings(endpoints={"s": EndpointSettings(backend="scripted", script=str(script))}))
    await models.start()
    try:
        yield models
    finally:
        await models.close()


@pytest.fixture
def pool() -> Pool:
    return Pool(PoolSettings())


async def test_nothing_was_edited(pool: Pool, tmp_path: Path) -> None:
    view, cursor = view_of(case_of(tmp_path, RENAME), tmp_path)
    assert await next_edits_now(pool, replace(view, edits=()), cursor) == ()


async def test_every_place_has_the_version_that_it_counts_in(pool: Pool, tmp_path: Path) -> None:
    view, cursor = view_of(case_of(tmp_path, RENAME), tmp_path)
    found = await next_edits_now(pool, view, cursor)
    assert [(one.uri, one.version, one.subject) for one in found] == [
        (view.document.uri, view.document.version, "total")
    ] * 2


async def test_a_document_that_moved_on_is_not_answered_for(pool: Pool, tmp_path: Path) -> None:
    view, cursor = view_of(case_of(tmp_path, RENAME), tmp_path)
    newer = replace(view.document, version=99)
    view.subject.live.changed(newer)
    with pytest.raises(Superseded):
        await next_edits_now(pool, view, cursor)


async def test_the_nearest_after_the_cursor_comes_first_and_documentation_last(pool: Pool, tmp_path: Path) -> None:
    text = """== order ==
-- a.py --
def f({{old=>new}}):
    '''Do.

    Args:
        old: What.
    '''
    one = old
    <CURSOR>two = old
    return old
"""
    view, cursor = view_of(case_of(tmp_path, text), tmp_path)
    found = await next_edits_now(pool, view, cursor)
    assert [one.span.start.line for one in found] == [7, 8, 6, 4]


def test_lines_end_as_they_do_in_the_document(tmp_path: Path) -> None:
    text = """== line ends ==
-- a.py --
def f(a{{, old=>, new, more}}):
    '''Do.

    Args:
        a: What.
        old: Which.
    '''


f(1, 2)
"""
    case = case_of(tmp_path, text)
    for texts in (case.before, case.now):
        texts["a.py"] = texts["a.py"].replace("\n", "\r\n")
    scene = play(case, tmp_path)
    whole = {(one.span.start, one.span.end): one.text for one in next_edits_of(scene)}
    assert whole[Position(4, 16), Position(4, 16)] == "\r\n        new: The new."
    assert whole[Position(5, 0), Position(6, 0)] == ""


TWO = """== two documents ==
-- lib.py --
def {{load=>read}}():
    return 1
-- main.py --
from lib import load

load()
"""


async def test_other_open_documents_follow_the_subject(pool: Pool, tmp_path: Path) -> None:
    view, cursor = view_of(case_of(tmp_path, TWO), tmp_path)
    found = await next_edits_now(pool, view, cursor)
    assert [(one.uri.rpartition("/")[2], one.span.start.line) for one in found] == [("main.py", 0), ("main.py", 2)]


async def test_an_other_document_that_moved_on_is_left_out(pool: Pool, tmp_path: Path) -> None:
    view, cursor = view_of(case_of(tmp_path, TWO), tmp_path)
    other = next(one for uri, one in view.open.items() if uri.endswith("main.py"))
    other.live.changed(replace(other.document, version=99))
    assert await next_edits_now(pool, view, cursor) == ()


def test_of_two_that_overlap_the_surer_one_is_offered_and_nothing_that_is_not_sure(tmp_path: Path) -> None:
    scene = play(case_of(tmp_path, RENAME), tmp_path)
    cause = Cause("rename", "why")

    def at(start: int, end: int, confidence: float) -> NextEdit:
        return cause.edit(scene.document, start, end, "x", confidence)

    surer, later = at(3, 6, 0.9), at(8, 9, 0.8)
    assert ranked(scene, [at(0, 4, 0.6), surer, at(5, 7, 0.7), later, at(10, 11, 0.4)]) == (surer, later)


async def test_the_code_action_makes_all_edits_of_one_cause(pool: Pool, tmp_path: Path) -> None:
    view, cursor = view_of(case_of(tmp_path, RENAME), tmp_path)
    actions = await ACTION.find(Selection(pool, view, Span(cursor, cursor)))
    assert [one.title for one in actions] == ["Apply next edit: `total` was renamed to `count` (2 places)"]
    assert actions[0].edits is not None
    after = view.document.replaced(actions[0].edits, 9).text
    assert after == "def f(count):\n    '''total'''\n    return count + count\n"


async def test_without_edits_there_is_no_code_action(pool: Pool, tmp_path: Path) -> None:
    view, cursor = view_of(case_of(tmp_path, RENAME), tmp_path)
    assert await ACTION.find(Selection(pool, replace(view, edits=()), Span(cursor, cursor))) == ()


async def test_a_model_adds_the_line_that_follows_and_is_shown_the_edits_as_a_diff(pool: Pool, tmp_path: Path) -> None:
    heard: list[Event] = []
    when = '-second = load("b")\n+'
    async with scripted(tmp_path, {"when": when, "text": 'second = load(open("b"))\nmore'}) as models:
        view, cursor = view_of(case_of(tmp_path, CALL), tmp_path, models)
        found = await next_edits(pool, view, cursor, heard.append)
    assert [(one.kind, one.text, one.span.start.line) for one in found] == [("model", 'second = load(open("b"))', 1)]
    assert heard == [NextEditsEvent(())]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\nsecond = 1",
        'second = load("b")',
        "import os",
        'second = load("c")',
        'second = load(open("b")',
        '    "second" = load(open("b"))',
        'second = load(open("b")) <|endoftext|>',
    ],
)
async def test_what_a_model_must_not_write_is_not_offered(pool: Pool, tmp_path: Path, text: str) -> None:
    async with scripted(tmp_path, {"text": text}) as models:
        view, cursor = view_of(case_of(tmp_path, CALL), tmp_path, models)
        assert await next_edits(pool, view, cursor) == ()


async def test_a_model_that_fails_leaves_what_is_known(pool: Pool, tmp_path: Path) -> None:
    async with scripted(tmp_path, {"text": "x", "error": "ProviderTimeout"}) as models:
        view, cursor = view_of(case_of(tmp_path, RENAME), tmp_path, models)
        assert [one.kind for one in await next_edits(pool, view, cursor)] == ["rename", "rename"]


async def test_a_file_that_holds_keys_is_not_sent(pool: Pool, tmp_path: Path) -> None:
    async with scripted(tmp_path, {"text": 'second = load(open("b"))'}) as models:
        case = case_of(tmp_path, CALL.replace("-- a.py --\n", "-- a.py --\n-----BEGIN RSA PRIVATE KEY-----\n"))
        view, cursor = view_of(case, tmp_path, models)
        assert await next_edits(pool, view, cursor) == ()
