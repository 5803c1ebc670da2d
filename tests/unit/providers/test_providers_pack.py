"""How much text goes into a prompt."""

from collections.abc import AsyncGenerator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.core.budget import seconds
from copilot_lsp.core.document import document
from copilot_lsp.core.fill import Chunk, FillLimits, FillRequest
from copilot_lsp.core.text import Span, at
from copilot_lsp.providers.pack import Fit, Packed, head, pack, tail
from copilot_lsp.providers.provider import Model
from copilot_lsp.providers.refusal import PromptTooLong

texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=300) | st.text("ab\n", max_size=300)


def request(prefix: str, suffix: str = "", *chunks: str) -> FillRequest:
    place = document("", prefix).end
    pieces = tuple([Chunk("", f"{number}.py", at(0, 0), text) for number, text in enumerate(chunks)])
    return FillRequest(document("file:///x.py", prefix + suffix), Span(place, place), pieces, FillLimits(tokens=10))


@given(texts, st.integers(0, 400))
def test_a_cut_text_is_an_end_or_a_beginning_and_fits(text: str, room: int) -> None:
    end, start = tail(text, room), head(text, room)
    assert text.endswith(end)
    assert text.startswith(start)
    assert len(end.encode()) <= room
    assert len(start.encode()) <= room
    if len(text.encode()) <= room:
        assert end == start == text


def test_the_beginning_of_a_long_prefix_stays_while_one_types() -> None:
    text = "".join(f"line {number} of code\n" for number in range(1000))
    begun = {tail(text + "x" * typed, 4000)[:40] for typed in range(200)}
    assert len(begun) <= 2
    assert len(tail(text, 4000)) >= 2900


def test_half_a_surrogate_pair_does_not_break_the_prompt() -> None:
    assert tail("a\ud800b", 10) == "a?b"


def test_chunks_get_what_prefix_and_suffix_leave_in_their_order() -> None:
    packed = pack(request("p" * 1000, "s" * 1000, "one" * 20, "two" * 10, "huge" * 500, "last"), 500, 400)
    assert len(packed.suffix) <= 125
    assert 180 <= len(packed.prefix) <= 250
    assert [chunk.text[:4] for chunk in packed.chunks] == ["oneo", "twot"]


@given(texts, texts, st.lists(texts, max_size=3), st.integers(64, 600))
def test_what_is_packed_fits(prefix: str, suffix: str, chunks: list[str], room: int) -> None:
    packed = pack(request(prefix, suffix, *chunks), room, 200)
    sizes = [packed.prefix, packed.suffix, *[chunk.text for chunk in packed.chunks]]
    assert sum(len(text.encode()) for text in sizes) <= room


@given(st.lists(st.integers(20, 500), max_size=6), st.integers(0, 150), st.sampled_from("x\u00e9\u6f22"))
def test_while_one_types_a_prompt_seldom_begins_otherwise(sizes: list[int], lines: int, letter: str) -> None:
    room, text = 2400, "".join(f"line {number} of code\n" for number in range(lines))
    chunks = ["c" * size for size in sizes]
    begun: list[tuple[int, str]] = []
    for typed in range(0, 400, 4):
        packed = pack(
            request(text + (letter * 19 + "\n") * (typed // 20) + letter * (typed % 20), "", *chunks), room, 384
        )
        begun.append((len(packed.chunks), packed.prefix[:40] if lines > 3 else ""))
    changes = sum(one != other for one, other in pairwise(begun))
    assert changes <= 400 * len(letter.encode()) / (room / 8) + 2
    assert len(set(begun)) == changes + 1, "nothing that went comes back"


async def test_a_prompt_that_was_too_long_is_tried_with_less_and_remembered() -> None:
    model = Model("bytes", frozenset({"fim"}), 500)
    sent: list[int] = []

    async def send(packed: Packed) -> AsyncGenerator[str]:
        sent.append(len(packed.prefix))
        if len(packed.prefix) > 400:
            raise PromptTooLong("too long")
        yield "x"

    fit = Fit()
    for _ in range(2):
        assert [piece async for piece in fit.stream(request("p" * 5000), model, seconds(1), send)] == ["x"]
    assert len(sent) == 4
    assert sent[0] > sent[1] > sent[2] == sent[3]


async def test_a_prompt_that_never_fits_is_refused() -> None:
    async def send(packed: Packed) -> AsyncGenerator[str]:
        raise PromptTooLong("too long")
        yield ""

    with pytest.raises(PromptTooLong):
        _ = [piece async for piece in Fit().stream(request("p"), Model("m", frozenset(), 500), seconds(1), send)]
