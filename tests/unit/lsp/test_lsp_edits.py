"""What the session remembers of the user's edits: places, not keystrokes, and nothing that cannot be undone."""

from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span, at
from copilot_lsp.lsp.edits import Edits

URI = "file:///w/a.py"
TEXTS = st.text("ab\n\r_", max_size=12)


def played(text: str, edits: list[tuple[Edit, float]]) -> tuple[Edits, list[Document]]:
    """What is remembered after some edits, and the texts that there were."""
    kept, texts = Edits(), [document(URI, text)]
    for edit, when in edits:
        kept.add(texts[-1], edit, when)
        texts.append(texts[-1].replaced((edit,), texts[-1].version + 1))
    return kept, texts


def typed(line: int, column: int, text: str, start: float = 0.0) -> list[tuple[Edit, float]]:
    return [(Edit(at(line, column + index), char), start + index / 10) for index, char in enumerate(text)]


def erased(line: int, column: int, count: int, start: float = 0.0) -> list[tuple[Edit, float]]:
    """Backspace, so many times."""
    spans = [Span(Position(line, column - index - 1), Position(line, column - index)) for index in range(count)]
    return [(Edit(span, ""), start + index / 10) for index, span in enumerate(spans)]


def shown(kept: Edits) -> list[tuple[str, str, int]]:
    return [(one.before, one.edit.text, one.edit.span.start.column) for one in kept]


def test_a_name_typed_over_another_is_one_edit() -> None:
    kept, _ = played("total = 1\n", [*erased(0, 5, 5), *typed(0, 0, "count", 1.0)])
    assert shown(kept) == [("total", "count", 0)]
    assert kept[-1].at == 1.4


def test_edits_at_two_places_are_two() -> None:
    kept, _ = played("a = 1; b = 2\n", [*typed(0, 1, "x"), *typed(0, 9, "y", 1.0)])
    assert shown(kept) == [("", "x", 1), ("", "y", 9)]


def test_who_comes_back_to_a_place_later_begins_anew() -> None:
    kept, _ = played("a\n", [*typed(0, 1, "x"), *typed(0, 2, "y", 60.0)])
    assert shown(kept) == [("", "x", 1), ("", "y", 2)]


def test_what_is_undone_was_never_there() -> None:
    kept, _ = played("a\n", [*typed(0, 1, "xyz"), *erased(0, 4, 3, 99.0)])
    assert not kept


def test_a_text_sent_anew_is_the_places_where_it_differs() -> None:
    lines = [f"line {number}" for number in range(200)]
    changed = ["LINE" if line in ("line 7", "line 150") else line for line in lines]
    whole = document(URI, "\n".join(lines))
    kept, _ = played(whole.text, [(Edit(Span(Position(0, 0), whole.end), "\n".join(changed)), 0.0)])
    assert [(one.before, one.edit.text, one.edit.span.start.line) for one in kept] == [
        ("line 150", "LINE", 150),
        ("line 7\n", "LINE\n", 7),
    ]


def test_nothing_is_kept_before_an_edit_that_is_too_large() -> None:
    kept, texts = played("a\n", typed(0, 1, "x"))
    kept.add(texts[-1], Edit(at(1, 0), "y" * 5_000), 1.0)
    assert not kept


def test_other_documents_edits_survive_a_close() -> None:
    kept, _ = played("a\n", typed(0, 1, "x"))
    kept.add(document("file:///w/b.py", "b\n"), Edit(at(0, 0), "z"), 1.0)
    kept.forget(URI)
    assert shown(kept) == [("", "z", 0)]


@given(TEXTS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), TEXTS), max_size=12))
def test_undoing_what_is_kept_gives_texts_that_there_were(text: str, changes: list[tuple[int, int, str]]) -> None:
    kept, texts = Edits(), [document(URI, text)]
    for low, high, new in changes:
        current = texts[-1]
        start, end = sorted((current.position(low), current.position(high)))
        edit = Edit(Span(current.clamp(start), current.clamp(end)), new)
        kept.add(current, edit, 0.0)
        texts.append(current.replaced((edit,), current.version + 1))
    there_were = {one.text for one in texts}
    current = texts[-1].text
    for change in reversed(list(kept)):
        end = change.start + len(change.edit.text)
        assert current[change.start : end] == change.edit.text
        current = current[: change.start] + change.before + current[end:]
    assert current in there_were
