"""Where a streamed answer ends, however it was cut into pieces."""

from collections.abc import AsyncGenerator, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.providers.stops import first_lines, until, without_thinking


class Pieces:
    """A stream that knows whether it was closed."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self.pieces = list(pieces)
        self.closed = False

    async def stream(self) -> AsyncGenerator[str]:
        try:
            for piece in self.pieces:
                yield piece
        finally:
            self.closed = True


def cut(text: str, sizes: list[int]) -> list[str]:
    """The text in pieces of these sizes, and the rest in one."""
    pieces: list[str] = []
    for size in sizes:
        pieces.append(text[:size])
        text = text[size:]
    return [piece for piece in [*pieces, text] if piece]


texts = st.text(alphabet="ab<>|/think\n\r", max_size=60)
sizes = st.lists(st.integers(1, 5), max_size=30)


@given(texts, sizes)
async def test_a_stop_word_ends_the_answer_wherever_the_pieces_break(text: str, sizes: list[int]) -> None:
    words = ("<|a|>", "ab", "\n")
    ends = [at for at in (text.find(word) for word in words) if at >= 0]
    source = Pieces(cut(text, sizes))
    assert "".join([piece async for piece in until(source.stream(), words)]) == text[: min(ends, default=len(text))]
    assert source.closed


@given(texts, sizes, st.integers(1, 4))
async def test_only_so_many_lines_are_passed_on(text: str, sizes: list[int], count: int) -> None:
    text = text.replace("\r", "")
    source = Pieces(cut(text, sizes))
    expected = "\n".join(text.split("\n")[:count])
    assert "".join([piece async for piece in first_lines(source.stream(), count)]) == expected
    assert source.closed


async def test_a_windows_line_end_leaves_no_carriage_return() -> None:
    assert [piece async for piece in first_lines(Pieces(["a\r\nb"]).stream(), 1)] == ["a"]


async def test_without_stop_words_everything_passes() -> None:
    assert [piece async for piece in until(Pieces(["a", "b"]).stream(), ())] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<think>long</think>\n\nanswer", "answer"),
        ("\n<think></think>answer </think>", "answer </think>"),
        ("answer <think>x</think>", "answer <think>x</think>"),
        ("<thin", "<thin"),
        ("<think>never ends", ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 100])
async def test_thinking_is_left_out(text: str, left: str, size: int) -> None:
    pieces = cut(text, [size] * len(text))
    assert "".join([piece async for piece in without_thinking(Pieces(pieces).stream())]) == left
