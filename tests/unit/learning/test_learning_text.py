"""Are changes of a text followed as they are, whatever way an editor reports them?"""

from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.agents.learning import cut
from copilot_lsp.agents.learning.cut import Cut, Stretch, cut_of, moved, shared_end, shared_start, slid
from copilot_lsp.agents.learning.distance import edit_distance, likeness
from copilot_lsp.core.document import document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Span

short = st.text("ab(\n", max_size=12)


def slow_distance(one: str, other: str) -> int:
    """The textbook's table."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b)))
    return row[-1]


@given(short, short)
def test_edit_distance(one: str, other: str) -> None:
    assert edit_distance(one, other) == slow_distance(one, other)


def test_likeness() -> None:
    assert likeness("", "") == 1.0
    assert likeness("abcd", "abXd") == 0.75
    assert likeness("abcd", "") == 0.0
    assert likeness("a" * 10_000, "a" * 10_000) == 1.0


@given(st.text("ab", max_size=20), st.text("ab", max_size=3), st.text("ab", max_size=3), st.integers(1, 5))
def test_what_two_texts_share(same: str, one: str, other: str, block: int) -> None:
    known, cut._BLOCK = cut._BLOCK, block
    try:
        start, end = shared_start(same + one, same + other), shared_end(one + same, other + same)
    finally:
        cut._BLOCK = known
    first, second = same + one, same + other
    assert start == max(count for count in range(24) if first[:count] == second[:count] and count <= len(first))
    first, second = (one + same)[::-1], (other + same)[::-1]
    assert end == max(count for count in range(24) if first[:count] == second[:count] and count <= len(first))


@given(short, short, st.integers(0, 12), st.integers(0, 12))
def test_a_cut_makes_the_new_text_and_nothing_of_it_is_the_same(before: str, text: str, one: int, other: int) -> None:
    start, stop = sorted((min(one, len(before)), min(other, len(before))))
    old = document("file:///a", before)
    after = before[:start] + text + before[stop:]
    # However it is reported: as that piece, or as the whole text.
    for edit in (
        Edit(Span(old.position(start), old.position(stop)), text),
        Edit(Span(old.position(0), old.end), after),
    ):
        found = cut_of(old, edit)
        if found is None:
            assert before == after
            continue
        assert before[: found.start] + found.text + before[found.stop :] == after
        if found.text and found.start < found.stop:
            assert before[found.start] != found.text[0]
            assert before[found.stop - 1] != found.text[-1]


@given(short, short, st.integers(0, 12), st.integers(0, 12))
def test_sliding_changes_nothing(before: str, text: str, at: int, place: int) -> None:
    at, place = min(at, len(before)), min(place, len(before))
    found = slid(Cut(at, at, text), before, place)
    assert before[: found.start] + found.text + before[found.stop :] == before[:at] + text + before[at:]


def test_an_insertion_slides_to_where_it_could_have_been_made() -> None:
    # "\nc" inserted after "a" in "a\nb" looks, as a whole text, like "c\n" inserted after "a\n".
    assert slid(Cut(2, 2, "c\n"), "a\nb", 1) == Cut(1, 1, "\nc")
    assert slid(Cut(0, 0, "ab"), "abc", 2) == Cut(2, 2, "ab")
    assert slid(Cut(2, 2, "x"), "a\nb", 1) == Cut(2, 2, "x")


@given(short, st.integers(0, 12), st.integers(0, 12), short, st.integers(0, 12), st.integers(0, 12))
def test_a_stretch_that_is_not_touched_keeps_its_text(
    before: str, one: int, other: int, text: str, third: int, fourth: int
) -> None:
    begin, end = sorted((min(one, len(before)), min(other, len(before))))
    start, stop = sorted((min(third, len(before)), min(fourth, len(before))))
    after = before[:start] + text + before[stop:]
    found = moved(Stretch(begin, end), Cut(start, stop, text))
    assert 0 <= found.begin <= found.end <= len(after)
    if stop <= begin or start >= end:
        assert after[found.begin : found.end] == before[begin:end]
    elif begin <= start and stop <= end:
        assert after[found.begin : found.end] == before[begin:start] + text + before[stop:end]
