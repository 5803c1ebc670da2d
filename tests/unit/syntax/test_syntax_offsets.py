"""Positions and bytes: one way and back, for every kind of text."""

from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.core.document import document
from copilot_lsp.core.text import Position
from copilot_lsp.syntax.offsets import Offsets, encode, length

TEXTS = st.lists(
    st.sampled_from(["a", "word", "\n", "\r\n", "\r", "\u00e9", "\u65e5\u672c", "\U0001f600", "\ud800", "\0", "\u2028"])
).map("".join)


@given(TEXTS)
def test_every_position_has_a_byte_and_comes_back(text: str) -> None:
    doc = document("file:///a", text)
    offsets = Offsets(doc)
    assert len(offsets.starts) == doc.line_count
    for index in range(len(text) + 1):
        byte = len(encode(text[:index]))
        position = doc.position(index)
        assert offsets.position(byte) == position
        if doc.offset(position) == index:  # Not between the two characters of a line end.
            assert offsets.byte(position) == byte


@given(TEXTS)
def test_text_between_bytes(text: str) -> None:
    offsets = Offsets(document("file:///a", text))
    half = len(text) // 2
    cut = len(encode(text[:half]))
    said = offsets.text(0, cut) + offsets.text(cut, len(offsets.source))
    assert len(said) == len(text)
    assert said == text.replace("\ud800", said[text.index("\ud800")]) if "\ud800" in text else said == text


def test_a_byte_inside_a_character_is_the_place_after_it() -> None:
    offsets = Offsets(document("file:///a", "\u65e5x"))
    assert [offsets.position(byte).column for byte in range(5)] == [0, 1, 1, 1, 2]
    assert length("\u00e9".encode()) == 1


def test_places_outside_are_clamped() -> None:
    offsets = Offsets(document("file:///a", "ab\n\u00e9"))
    assert offsets.byte(Position(9, 9)) == 5
    assert offsets.byte(Position(0, 9)) == 2
    assert offsets.byte(Position(-1, 0)) == 0
