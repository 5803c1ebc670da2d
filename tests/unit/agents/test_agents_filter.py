"""All filters together: whatever the text and the place, no error, nothing blank, nothing that breaks right code."""

import asyncio
import gc
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.agents.filter import Place, sifted
from copilot_lsp.agents.filters import syntax
from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.fill import Fill
from copilot_lsp.core.text import Position, Span
from copilot_lsp.recall.complete import SOURCE
from copilot_lsp.syntax.faults import count_errors
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.syntax.tree import parse
from copilot_lsp.syntax.trial import trial
from copilot_lsp.telemetry.metrics import METRICS

PIECES = st.sampled_from(
    [
        *(
            "def f(a):\n",
            "    return a\n",
            "if (a) {\n",
            "}\n",
            "\t",
            "    ",
            "  ",
            "a",
            "b = 1",
            "f(a)",
            ")",
            "(",
            "[",
            "]",
        ),
        *(
            '"',
            "'",
            '"""',
            "`",
            "/*",
            "*/",
            "//",
            "#",
            "\n",
            "\r\n",
            "\r",
            ";",
            ",",
            "{",
            "}",
            ":",
            "\\",
            "<|im_end|>",
            "</s>",
        ),
        *(
            "😀",
            "é",
            "\ud800",
            "\0",
            "\u2028",
            "class A {\n",
            "a\n" * 3,
            "AKIA",
            "password = ",
            "🇩🇪",
            " " * 40,
            "x" * 300,
        ),
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)
LANGUAGES = st.sampled_from(["python", "typescript", "go", "yaml", "html", "markdown", "plaintext", "no such"])


def _at(place: Position) -> Span:
    return Span(place, place)


async def shown(opened: Document, place: Position, text: str, source: str = "model") -> list[str]:
    live = LiveTree(opened)
    await live.settle(opened)
    return [one.text for one in await sifted(opened, live, (Fill(_at(place), text, 1.0, source),))]


@given(TEXTS, TEXTS, TEXTS, LANGUAGES)
async def test_any_text_at_any_place(before: str, after: str, proposed: str, language: str) -> None:
    opened = document("file:///w/a", before + after, language)
    place = opened.position(len(before))
    for text in await shown(opened, place, proposed):
        assert text.strip()
        if language in ("python", "typescript", "go") and count_errors(parse(opened).root) == 0:
            filled = opened.replaced([Edit(_at(place), text)], 1)
            assert count_errors(parse(filled).root) == 0


async def test_a_part_of_what_raises_errors_is_not_shown_unproven(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = document("file:///w/a.ts", "f();\n\ng();\n", "typescript")
    live = LiveTree(opened)
    await live.settle(opened)
    span = _at(Position(1, 0))
    tried = await trial(live, opened, span, patience=1)
    assert tried is not None
    place = Place(opened, span, tried)
    text = "a = (b);\nc = ) (;"
    assert await syntax.check(place, text) == "a = (b);"
    again = await trial(live, opened, span, patience=1)
    assert again is not None
    assert await again.raises(text)
    monkeypatch.setattr(again, "_left", 0.0)
    assert await syntax.check(Place(opened, span, again), text) == ""


async def test_a_span_is_replaced() -> None:
    opened = document("file:///w/a.py", "x = foo(1)\n", "python")
    live = LiveTree(opened)
    span = Span(Position(0, 4), Position(0, 7))
    fills = await sifted(opened, live, [Fill(span, text, 1.0, "model") for text in ("bar", "bar(", "bar", "(")])
    assert [one.text for one in fills] == ["bar"]


async def test_what_becomes_the_same_is_shown_once() -> None:
    opened = document("file:///w/a.py", "x = foo(\n", "python")
    live = LiveTree(opened)
    place = Position(0, 8)
    fills = await sifted(opened, live, [Fill(_at(place), text, 1.0, "model") for text in ("1)", "1)<|im_end|>")])
    assert [one.text for one in fills] == ["1)"]


@pytest.mark.parametrize(("source", "label"), [(SOURCE, "engine"), ("qwen", "model")])
async def test_what_fires_is_counted(source: str, label: str) -> None:
    METRICS.clear()
    opened = document("file:///w/a.py", "x = foo(\n", "python")
    assert await shown(opened, Position(0, 8), "1)</s>", source) == ["1)"]
    assert await shown(opened, Position(0, 8), " ", source) == []
    assert METRICS.value("filtered_total", filter="special_token", outcome="repaired", source=label) == 1
    assert METRICS.value("filtered_total", filter="blank", outcome="rejected", source=label) == 1


async def test_a_document_that_moved_on_is_judged_as_it_was() -> None:
    then = document("file:///w/a.py", "def f(a):\n    return \n", "python", 1)
    live = LiveTree(then)
    await live.settle(then)
    now = then.replaced([Edit(Span(Position(1, 11), Position(1, 11)), "a + (")], 2)
    live.changed(now)
    await live.settle(now)
    fills = [Fill(_at(Position(1, 11)), text, 1.0, "model") for text in ("a", "a)")]
    assert [one.text for one in await sifted(then, live, fills)] == ["a"]


async def test_a_file_that_is_not_parsed_yet_is_not_waited_for() -> None:
    text = "x = [\n" + "    (1, 'a', [2, 3], {'b': 4}),\n" * 25_000 + "]\n"
    opened = document("file:///w/a.py", text, "python")
    live = LiveTree(opened)
    begin = time.thread_time()
    fills = (Fill(_at(Position(9, 4)), "(1, 2),", 1.0, "model"),)
    assert await sifted(opened, live, fills) == fills
    assert time.thread_time() - begin < 0.5
    assert live.latest is None


async def test_the_loop_is_never_held() -> None:
    lines = "    def f(self, a):\n        if a:\n            return [self.f(a), {'b': (a, 1)}]\n        return None\n\n"
    opened = document("file:///w/a.py", "class A:\n" + lines * 1_000, "python")
    live = LiveTree(opened)
    await live.settle(opened)
    longest, last = 0.0, time.thread_time()

    async def watch() -> None:
        nonlocal longest, last
        while True:
            await asyncio.sleep(0)
            longest, last = max(longest, time.thread_time() - last), time.thread_time()

    watching = asyncio.create_task(watch())
    place = Position(2_001, 8)
    texts = ("if (a and [", 'x = "', "x = {{{", "a = 1\n        b = (")
    gc.disable()
    try:
        await asyncio.sleep(0)
        last = time.thread_time()
        await sifted(opened, live, [Fill(_at(place), text, 1.0, "model") for text in texts])
    finally:
        gc.enable()
        watching.cancel()
    assert longest < 0.025


@pytest.mark.parametrize(
    ("before", "proposed", "expected"),
    [
        ("x = f(", "1)", ["1)"]),
        ("", "x = f(1)", ["x = f(1)"]),
        ("", "x = (", []),
        ("", ")", []),
        ("", 'x = "a', []),
        ("", "x = 1  # don't", ["x = 1  # don't"]),
    ],
)
async def test_brackets_are_counted_where_nothing_can_be_parsed(
    before: str, proposed: str, expected: list[str]
) -> None:
    minified = f"{before}\nx = [{'1, ' * 20_000}]\n"
    opened = document("file:///w/a.py", minified, "python")
    assert await shown(opened, Position(0, len(before)), proposed) == expected
