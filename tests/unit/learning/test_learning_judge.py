"""Is what a person makes of a suggestion read off the text, however an editor reports it?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.agents.learning.cut import Stretch, cut_of
from copilot_lsp.agents.learning.judge import Progress, begun, follow, left
from copilot_lsp.agents.learning.suggestion import Suggestion, Verdict
from copilot_lsp.core.document import document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Span, at

ACCEPTED, PARTLY, TYPED, REJECTED, IGNORED = Verdict
# Before and after a change, and how long nothing had changed before it.
Step = tuple[str, str, float]


def shown(text: str, before: str = "", after: str = "", replaces: str = "") -> tuple[Progress, str]:
    """A suggestion between two texts, and the document."""
    suggestion = Suggestion("1", at(0, 0), text, "recall", 0.5, "python", "inline", 0.0)
    place = Stretch(len(before), len(before) + len(replaces))
    whole = before + replaces + after
    return begun(suggestion, place, whole), whole


def played(progress: Progress, text: str, *texts: str, pause: float = 1.0, whole: bool = False) -> Progress:
    """After the document has become each of the texts, reported as an edit of what differs, or as the whole text."""
    for new in texts:
        old = document("file:///a", text)
        cut = cut_of(old, Edit(Span(old.position(0), old.end), new))
        assert cut is not None
        if not whole:
            cut = cut_of(old, Edit(Span(old.position(cut.start), old.position(cut.stop)), cut.text))
            assert cut is not None
        progress = follow(progress, cut, text, new, pause)
        text = new
        if progress.verdict is not None:
            break
    return progress


@pytest.mark.parametrize("whole", [False, True], ids=["edits", "whole texts"])
def test_at_once(whole: bool) -> None:
    progress, text = shown("area(width)", "x = ", "\ny = 1\n")
    found = played(progress, text, "x = area(width)\ny = 1\n", whole=whole)
    assert (found.verdict, found.taken, found.typed) == (ACCEPTED, 11, 0)
    assert found.place == Stretch(4, 15)


@pytest.mark.parametrize("text", ["area(width)", "\n    return 1\n", "x", "a\r\nb", "((", "\U0001f600 = 1"])
def test_typed_along_to_the_end(text: str) -> None:
    progress, whole = shown(text, "x = ", "\n")
    found = played(progress, whole, *[f"x = {text[:count]}\n" for count in range(1, len(text) + 1)])
    assert (found.verdict, found.taken, found.typed) == (TYPED, 0, len(text))


def test_some_typed_and_the_rest_accepted() -> None:
    progress, text = shown("area(width)", "x = ")
    found = played(progress, text, "x = a", "x = ar", "x = area(width)")
    assert (found.verdict, found.taken, found.typed) == (ACCEPTED, 9, 2)


def test_word_by_word() -> None:
    progress, text = shown("return width * height", "    ")
    found = played(progress, text, "    return ", "    return width ")
    assert (found.verdict, found.taken) == (None, 13)
    assert played(found, "    return width ", "    return width +").verdict is PARTLY
    assert left(found, elsewhere=True).verdict is PARTLY
    done = played(found, "    return width ", "    return width * height")
    assert (done.verdict, done.taken) == (ACCEPTED, 21)


def test_something_else_is_written() -> None:
    progress, text = shown("area(width)", "x = ", "\n")
    assert played(progress, text, "x = a\n", "x = ab\n").verdict is REJECTED
    assert played(progress, text, "x = 1\n").verdict is REJECTED
    assert played(progress, text, "x =\n").verdict is REJECTED
    assert played(progress, text, "y\n").verdict is REJECTED


def test_undone_typing_leaves_it_open() -> None:
    progress, text = shown("area(width)", "x = ")
    found = played(progress, text, "x = a", "x = ar", "x = a", "x = ")
    assert (found.verdict, found.reached, found.typed) == (None, 0, 0)


def test_changes_elsewhere_move_it() -> None:
    progress, text = shown("area()", "x = ", "\ny\n")
    found = played(progress, text, "import os\nx = \ny\n", "import os\nx = \ny = 2\n")
    assert found.place == Stretch(14, 14)
    assert played(found, "import os\nx = \ny = 2\n", "import os\nx = area()\ny = 2\n").verdict is ACCEPTED


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("(width)", ["area()", "area(w)", "area(wi)", "area(wid)", "area(widt)", "area(width)"]),
        ("['a']", ["area[]", "area['']", "area['a']"]),
    ],
)
def test_closers_that_the_editor_adds(text: str, steps: list[str]) -> None:
    progress, whole = shown(text, "area")
    assert played(progress, whole, *steps).verdict is TYPED


def test_a_closer_alone_is_not_the_end() -> None:
    progress, whole = shown("(width)", "area")
    found = played(progress, whole, "area()", "area(w)")
    assert found.verdict is None
    # The pair is deleted and typed again, in an editor that adds no closer then.
    assert (
        played(found, "area(w)", "area", "area(", "area(w", "area(wi", "area(wid", "area(widt", "area(width").verdict
        is None
    )


def test_a_suggestion_that_replaces_what_stands_there() -> None:
    progress, text = shown("width)", "area(", "\n", replaces=")")
    assert played(progress, text, "area(width)\n").verdict is ACCEPTED
    typed = played(progress, text, "area(w)\n", "area(wi)\n")
    assert (typed.verdict, typed.reached, typed.typed) == (None, 2, 2)
    assert played(typed, "area(wi)\n", "area(width)\n").verdict is ACCEPTED


def test_a_suggestion_that_brings_the_typed_word_with_it() -> None:
    progress, text = shown("print(width)", "    ", "\n", replaces="pr")
    typed = played(progress, text, "    pri\n")
    assert (typed.verdict, typed.typed) == (None, 1)
    found = played(progress, text, "    print(width)\n")
    assert (found.verdict, found.taken) == (ACCEPTED, 10)
    assert played(progress, text, "    prx\n").verdict is REJECTED


@pytest.mark.parametrize(
    ("piece", "pause", "taken"), [("ab", 0.1, 0), ("ab", 1.0, 2), ("abcd", 0.1, 4), ("\n        ", 1.0, 0)]
)
def test_pieces_by_hand(piece: str, pause: float, taken: int) -> None:
    progress, text = shown(f"{piece}_and_more")
    assert played(progress, text, piece, pause=pause).taken == taken


def test_a_line_that_begins_like_what_follows() -> None:
    # A whole text does not tell before which of two line ends something was inserted.
    progress, text = shown("\n    return 1", "def f():", "\n\nx = 1\n")
    found = played(progress, text, "def f():\n    return 1\n\nx = 1\n", whole=True)
    assert found.verdict is ACCEPTED


@given(
    st.text("ab(\n ", min_size=1, max_size=12), st.text("ab)\n", max_size=6), st.text("ab)\n", max_size=6), st.data()
)
def test_pieces_in_any_cut_come_true(text: str, before: str, after: str, data: st.DataObject) -> None:
    """However it is put in, from its start to its end, it is accepted or typed, and nothing is counted twice."""
    cuts = sorted(data.draw(st.sets(st.integers(1, len(text)), max_size=5)) | {len(text)})
    progress, whole = shown(text, before, after)
    for cut in cuts:
        if progress.verdict is None:
            progress = played(progress, whole, before + text[:cut] + after)
            whole = before + text[:cut] + after
    assert progress.verdict in (ACCEPTED, TYPED)
    assert progress.taken + progress.typed == len(text)


@given(st.text("ab(", min_size=1, max_size=8), st.lists(st.text("ab()", max_size=8), max_size=5))
def test_it_always_ends_in_one_verdict(text: str, texts: list[str]) -> None:
    progress, whole = shown(text)
    for new in texts:
        if new != whole and progress.verdict is None:
            progress = played(progress, whole, new)
        whole = new if progress.verdict is None else whole
    found = left(progress, elsewhere=False)
    assert found.verdict is not None
    assert 0 <= found.taken + found.typed <= len(text)
    assert left(found, elsewhere=True) is found
