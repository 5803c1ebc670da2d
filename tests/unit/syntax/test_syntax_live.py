"""LiveTree: its trees are those of a fresh parse, it never holds the loop, and it knows what is out of date."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.errors import DeadlineExceeded, Superseded
from copilot_lsp.core.text import Position, Span, at
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.extract import extract
from copilot_lsp.syntax.limits import Limits
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.syntax.tree import parse

FUNCTION = """def function_{0}(first, second={0}):
    '''Doc \u00e9 {0}.'''
    total = first * [second, {{"a": {0}}}]
    return total


"""
LONG = "".join(FUNCTION.format(number) for number in range(900))  # 5,400 lines

SNIPPETS = [
    "",
    "x",
    "\n",
    "\r\n",
    "\r",
    '"""',
    "'",
    "(",
    "]",
    "\u00e9",
    "\u65e5",
    "\U0001f600",
    "\ud800",
    "\0",
    "    ",
    "#",
]
LINES = ["a = 1\n", "class A:\n    b = 'c'\n", "if x:\n    y(1)\n", "def f():\n  pass\n"]
TEXTS = st.lists(st.sampled_from([*SNIPPETS, *LINES]), max_size=12).map("".join)
EDITS = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 12), st.sampled_from(SNIPPETS)), max_size=6)


def edited(before: Document, start: int, length: int, text: str) -> Document:
    span = Span(before.position(start), before.position(start + length))
    return before.replaced([Edit(span, text)], before.version + 1)


@given(TEXTS, EDITS, st.sampled_from(["python", "javascript", "yaml"]))
@example("a = '\u00e9'\n", [(5, 1, "\u00e8")], "python")
def test_after_any_edits_the_tree_is_that_of_a_fresh_parse(
    text: str, edits: list[tuple[int, int, str]], language: str
) -> None:
    async def run() -> None:
        doc = document("file:///a", text, language)
        live = LiveTree(doc)
        for number, (start, length, new) in enumerate(edits):
            doc = edited(doc, start, length, new)
            live.changed(doc)
            if number % 2:
                await live.settle(doc)
        tree = await live.settle(doc)
        assert tree is not None
        assert tree.document is doc
        assert str(tree.root) == str(parse(doc).root)

    asyncio.run(run())


@asynccontextmanager
async def longest_turn(limit: float) -> AsyncIterator[list[float]]:
    """Measure the CPU time of each turn of the loop: other processes on the machine do not count."""
    turns: list[float] = []

    async def probe() -> None:
        while True:
            before = time.thread_time()
            await asyncio.sleep(0)
            turns.append(time.thread_time() - before)

    task = asyncio.create_task(probe())
    try:
        yield turns
    finally:
        task.cancel()
    assert max(turns) < limit


@pytest.mark.parametrize("typed", ['"""', "'", "(", "{", "x"])
async def test_the_loop_runs_while_a_long_document_is_parsed(typed: str) -> None:
    doc = document("file:///a", LONG, "python")
    live = LiveTree(doc)
    # A collection of garbage may come on top of the slice of 3 ms.
    async with longest_turn(0.012) as turns:
        await live.settle(doc)
        assert len(turns) > 3
        for _ in range(2):
            doc = doc.replaced([Edit(at(20, 0), typed)], doc.version + 1)
            live.changed(doc)
            tree = await live.settle(doc)
    assert tree is not None
    assert str(tree.root) == str(parse(doc).root)


async def test_a_change_while_waiting_supersedes() -> None:
    doc = document("file:///a", LONG, "python")
    live = LiveTree(doc)
    waiting = asyncio.ensure_future(live.settle(doc))
    await asyncio.sleep(0)
    after = edited(doc, 0, 0, "x = 1\n")
    live.changed(after)
    with pytest.raises(Superseded):
        await waiting
    with pytest.raises(Superseded):
        await live.settle(doc)
    assert await live.settle(after) is live.latest


async def test_the_first_parse_goes_on_although_someone_types() -> None:
    doc = document("file:///a", LONG, "python")
    live = LiveTree(doc, Limits(slice=0.001))
    seen: set[int] = set()
    for number in range(60):
        waiting = asyncio.ensure_future(live.settle(doc))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        if live.latest:
            seen.add(live.latest.document.version)
        doc = edited(doc, number, 0, "#")
        live.changed(doc)
        await asyncio.gather(waiting, return_exceptions=True)
    assert seen, "an older tree must be there before the typing ends"
    tree = await live.settle(doc)
    assert tree is not None
    assert str(tree.root) == str(parse(doc).root)


async def test_one_of_two_who_wait_may_be_cancelled() -> None:
    doc = document("file:///a", LONG, "python")
    live = LiveTree(doc, Limits(slice=0.001))
    first, second = (asyncio.ensure_future(live.settle(doc)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    tree = await second
    assert tree is live.latest
    assert first.cancelled() or first.done()


@pytest.mark.parametrize(
    "text",
    ["x" * 1_100_000, "[" * 100_000, "a = 1\n" * 200_000, "\\\n" * 20_000],
    ids=["one long line", "nested brackets", "large", "a token that never ends"],
)
async def test_a_hopeless_document_has_no_tree_until_it_changes(text: str) -> None:
    doc = document("file:///a", text, "python")
    live = LiveTree(doc)
    before = time.process_time()
    assert await live.settle(doc) is None
    assert time.process_time() - before < 1.0
    doc = document("file:///a", "x = 1\n", "python", 1)
    live.changed(doc)
    tree = await live.settle(doc)
    assert tree is not None
    assert tree.document is doc
    live.changed(document("file:///a", text, "python", 2))
    assert live.document.version == 2


@pytest.mark.parametrize(
    "text", ["- " * 1_000 + "x", "\n".join(" " * level + "a:" for level in range(400)), "? " * 500 + "x"]
)
async def test_a_text_that_crashes_its_grammar_is_not_given_to_it(text: str) -> None:
    doc = document("file:///a", "a: 1\n", "yaml")
    live = LiveTree(doc)
    assert await live.settle(doc) is not None
    doc = document("file:///a", text, "yaml", 1)
    live.changed(doc)
    assert await live.settle(doc) is None
    with pytest.raises(DeadlineExceeded, match="YAML"):
        parse(doc)
    assert extract(text, languages.get("yaml")).pieces


async def test_a_document_without_grammar_has_no_tree() -> None:
    doc = document("file:///a", "text", "plaintext")
    live = LiveTree(doc)
    assert await live.settle(doc) is None
    live.changed(edited(doc, 0, 0, "more "))
    assert live.latest is None


async def test_an_older_tree_stays_readable() -> None:
    doc = document("file:///a", "def one():\n    pass\n", "python")
    live = LiveTree(doc)
    older = await live.settle(doc)
    assert older is not None
    after = edited(doc, 0, 0, "import os\n")
    live.changed(after)
    await live.settle(after)
    assert older.text_of(older.root.children[0]) == "def one():\n    pass"
    assert older.node_at(Position(0, 5)).type == "identifier"
