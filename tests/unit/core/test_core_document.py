"""A snapshot and its edits must agree with plain string replacement, whatever the line ends."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.core.document import document, line_starts
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span, at

TEXT = st.text(alphabet="ab\n\r\u20ac\U0001f600 \u2028\x0c", max_size=40)
PLACE = st.builds(Position, st.integers(-1, 12), st.integers(-1, 12))


@given(TEXT, st.lists(st.tuples(PLACE, PLACE, TEXT), max_size=4))
def test_edits_agree_with_string_replacement(text: str, edits: list[tuple[Position, Position, str]]) -> None:
    doc = document("file:///a", text)
    for start, end, new in edits:
        first, last = sorted((doc.offset(start), doc.offset(end)))
        expected = doc.text[:first] + new + doc.text[last:]
        doc = doc.replaced([Edit(Span(start, end), new)], doc.version + 1)
        assert doc.text == expected
        assert doc.starts == line_starts(expected)


@given(TEXT)
def test_offsets_and_positions_are_inverse(text: str) -> None:
    doc = document("file:///a", text)
    for offset in range(len(text) + 1):
        place = doc.position(offset)
        inside_line_end = text[offset - 1 : offset + 1] == "\r\n" or place != doc.clamp(place)
        assert inside_line_end or doc.offset(place) == offset


@given(TEXT)
def test_lines_are_those_of_lsp(text: str) -> None:
    doc = document("file:///a", text)
    assert [doc.line(number) for number in range(doc.line_count)] == re.split(r"\r\n|\n|\r", text)


def test_positions_outside_the_text_are_clamped() -> None:
    doc = document("file:///a", "one\ntwo")
    assert doc.clamp(Position(-3, 2)) == Position(0, 0)
    assert doc.clamp(Position(0, 99)) == Position(0, 3)
    assert doc.clamp(Position(9, 0)) == Position(1, 3) == doc.end
    assert doc.line(7) == ""
    assert doc.slice(Span(Position(0, 1), Position(1, 1))) == "ne\nt"


def test_a_new_version_without_edits_keeps_the_text() -> None:
    doc = document("file:///a", "x", version=1).replaced([], 2)
    assert (doc.version, doc.text) == (2, "x")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Span(Position(0, 0), Position(0, 2)), Span(Position(0, 2), Position(0, 4)), False),
        (Span(Position(0, 0), Position(0, 2)), Span(Position(0, 1), Position(0, 4)), True),
        (Span(Position(0, 0), Position(0, 2)), at(0, 2), True),
        (at(0, 3), Span(Position(0, 0), Position(0, 2)), False),
    ],
)
def test_spans_overlap_when_they_share_a_character_or_an_empty_one_touches(
    one: Span, other: Span, expected: bool
) -> None:
    assert one.overlaps(other) is expected
    assert other.overlaps(one) is expected


def test_a_span_contains_the_places_a_cursor_may_touch() -> None:
    span = Span(Position(0, 1), Position(0, 3))
    assert [span.contains(Position(0, column)) for column in range(5)] == [False, True, True, True, False]
    assert at(0, 1).empty
    assert not span.empty
