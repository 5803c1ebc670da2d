"""Tokens follow their document whatever is edited, and lexing any text costs a bounded amount of work."""

import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span, at
from copilot_lsp.recall.lexer import LINE_LIMIT, NEWLINE, token_id, words
from copilot_lsp.recall.live import LiveTokens
from copilot_lsp.recall.tokens import Tokens, settle, tokens_of

PIECES = st.sampled_from(
    ["a", "foo_1", " ", "\t", "\n", "\r", "\r\n", "\n\n", "==", "(", '"""', "\ud800", "é", "\u2028", "\x00", "1.5"]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)
PLACES = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda pair: Position(*pair))


def same(one: Tokens, other: Tokens) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("ids", "starts", "gaps", "heads"))


@given(TEXTS, st.lists(st.tuples(PLACES, PLACES, TEXTS), max_size=4))
def test_an_edited_documents_tokens_are_those_of_its_text(
    text: str, changes: list[tuple[Position, Position, str]]
) -> None:
    before = document("file:///a", text)
    after = before.replaced([Edit(Span(start, end), new) for start, end, new in changes], 1)
    assert same(tokens_of(before).replaced(after), tokens_of(after))


@given(TEXTS)
def test_tokens_stand_where_they_say(text: str) -> None:
    tokens = tokens_of(document("file:///a", text))
    for index, (number, start) in enumerate(zip(tokens.ids.tolist(), tokens.starts.tolist(), strict=True)):
        if number != NEWLINE:
            assert token_id(words(tokens.text(index, index + 1))[0]) == number
            assert tokens.document.text[start] not in " \t\r\n"


def test_blank_lines_do_not_part_what_is_equal() -> None:
    apart, together = (tokens_of(document("file:///a", text)) for text in ("a\n\n  \n\nb\n", "a\nb\n"))
    assert apart.ids.tolist() == together.ids.tolist()


def test_lexing_a_long_file_in_slices_gives_the_same_and_gives_way() -> None:
    text = document("file:///a", "def f(x):\n    return x + 1\n\n" * 3000)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def both() -> Tokens:
        other = asyncio.ensure_future(count())
        found = await settle(text)
        other.cancel()
        return found

    assert same(asyncio.run(both()), tokens_of(text))
    assert turns >= 5


@pytest.mark.parametrize("tail", ["", "\nx = 1\n"])
def test_only_the_beginning_of_a_huge_line_is_lexed(tail: str) -> None:
    tokens = tokens_of(document("file:///a", "a " * 1_500_000 + tail))
    assert len(tokens.ids) <= LINE_LIMIT
    assert (token_id("x") in tokens.ids.tolist()) == bool(tail)


def test_behind_four_million_characters_there_are_no_tokens() -> None:
    tokens = tokens_of(document("file:///a", "abc def\n" * 600_000))
    assert int(tokens.starts[-1]) < 4_000_010


async def test_live_tokens_keep_the_newest_version() -> None:
    live = LiveTokens()
    old = document("file:///a", "a = 1\n", version=1)
    new: Document = old.replaced([Edit(at(0, 5), "2")], 2)
    assert same(await live.settle(new), tokens_of(new))
    assert (await live.settle(old)).document is old
    assert live.known is not None
    assert live.known.document is new
    assert await settle(new, live.known) is live.known
