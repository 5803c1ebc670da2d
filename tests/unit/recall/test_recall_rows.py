"""Rows of tokens are read and compared in bulk; each says what looking at one token after the other says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.recall.lexer import NEWLINE
from copilot_lsp.recall.match import DEPTH, agreement, to_line_end
from copilot_lsp.recall.query import LINE_TOKENS
from copilot_lsp.recall.rows import counted, rows_at

TEXTS = st.lists(st.sampled_from([7, 8, NEWLINE]), min_size=1, max_size=80)


@given(TEXTS, st.lists(st.integers(-5, 90)), st.integers(1, 50))
def test_beyond_its_ends_a_text_repeats_its_last_token(text: list[int], at: list[int], width: int) -> None:
    ids = np.array(text, np.uint32)
    last = len(text) - 1
    expected = [[text[min(max(place + step, 0), last)] for step in range(width)] for place in at]
    assert rows_at(ids, np.array(at, np.int64), width).tolist() == expected


@given(TEXTS, st.data(), st.sampled_from([1, 300]), st.sampled_from([-1, 1]))
def test_tokens_agree_up_to_the_first_that_differs(text: list[int], data: st.DataObject, times: int, step: int) -> None:
    context = data.draw(st.lists(st.sampled_from([7, 8]), min_size=DEPTH, max_size=DEPTH))
    last = len(text) - 1

    def agreed(place: int) -> int:
        first = place - 1 if step < 0 else place
        seen = [text[min(max(first + step * depth, 0), last)] for depth in range(DEPTH)]
        return next((n for n, pair in enumerate(zip(seen, context, strict=True)) if pair[0] != pair[1]), DEPTH)

    places = data.draw(st.lists(st.integers(0, last), min_size=1)) * times
    found = agreement(np.array(text, np.uint32), np.array(places), np.array(context, np.uint32), step)
    assert found.tolist() == [agreed(place) for place in places]


@pytest.mark.parametrize(("length", "told"), [(0, 0), (LINE_TOKENS - 1, LINE_TOKENS - 1), (LINE_TOKENS, -1)])
def test_a_line_that_is_too_long_has_no_end(length: int, told: int) -> None:
    ids = np.array([*[7] * length, NEWLINE, *[7] * LINE_TOKENS], np.uint32)
    assert to_line_end(ids, np.zeros(1, np.int64)).tolist() == [told]


def test_flags_are_counted_by_row() -> None:
    assert counted(np.array([[[True, True], [False, True]], [[False, False], [True, False]]])).tolist() == [
        [2, 1],
        [0, 1],
    ]
