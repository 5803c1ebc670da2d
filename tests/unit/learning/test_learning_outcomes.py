"""What becomes of a session's suggestions, and what follows from it in the session."""

import asyncio
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from learning_typist import URI, Typist

from copilot_lsp.agents.learning import kept, rows
from copilot_lsp.agents.learning.journal import Journal
from copilot_lsp.agents.learning.learned import Learned
from copilot_lsp.agents.learning.suggestion import Verdict
from copilot_lsp.core.document import document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.fill import Fill
from copilot_lsp.core.text import Position, Span
from copilot_lsp.recall.settings import RecallSettings
from copilot_lsp.telemetry.health import Health
from copilot_lsp.telemetry.metrics import METRICS

ACCEPTED, PARTLY, TYPED, REJECTED, IGNORED = Verdict


def refused(typist: Typist, text: str) -> bool:
    place = typist.document.position(typist.cursor)
    fills = (Fill(Span(place, place), text, 1.0, "recall"),)
    return typist.outcomes.learned(URI).fresh(typist.document, fills) != fills


def test_accepted_without_a_word_of_the_editor(typist: Typist) -> None:
    before = METRICS.value("suggestions_total", source="recall", outcome="accepted")
    typist.open("x = |\n")
    typist.suggest("area(width)", confidence=0.25)
    typist.put("area(width)")
    (outcome,) = typist.noted
    assert (outcome.verdict, outcome.told, outcome.taken, outcome.typed) == (ACCEPTED, False, 11, 0)
    assert (outcome.language, outcome.source, outcome.confidence) == ("python", "recall", 0.25)
    assert (outcome.lines, outcome.length, outcome.seconds) == (1, 11, 1.0)
    assert METRICS.value("suggestions_total", source="recall", outcome="accepted") == before + 1


def test_typing_along_is_one_suggestion_whatever_is_answered_meanwhile(typist: Typist) -> None:
    typist.open("x = |\n")
    (name,) = typist.suggest("area(w)")
    for count, key in enumerate("area(", 1):
        typist.put(key)
        assert typist.suggest("area(w)"[count:]) == (name,)
    typist.type("w)")
    assert [(one.verdict, one.typed) for one in typist.noted] == [(TYPED, 7)]


def test_something_else_is_typed(typist: Typist) -> None:
    typist.open("x = |\n")
    typist.suggest("area(width)")
    typist.type("2")
    assert typist.verdicts == [REJECTED]
    assert not typist.noted[0].told


def test_what_was_there_too_shortly_is_not_rejected(typist: Typist) -> None:
    typist.open("x = |\n")
    typist.suggest("area(width)")
    typist.now -= 0.9
    typist.type("2")
    assert typist.verdicts == [IGNORED]
    assert not refused(typist, "area(width)")


def test_another_answer_at_the_same_place_and_elsewhere(typist: Typist) -> None:
    typist.open("x = |\ny = \n")
    typist.suggest("area(width)")
    typist.suggest("other()")
    assert typist.verdicts == [IGNORED]
    typist.go("y = ")
    typist.suggest("third()")
    assert typist.verdicts == [IGNORED, REJECTED]
    typist.suggest()
    assert typist.verdicts == [IGNORED, REJECTED, IGNORED]
    typist.put("third()")
    assert len(typist.noted) == 3


def test_superseded_answers_were_never_shown(typist: Typist) -> None:
    typist.open("x = |\n")
    old, place = typist.document, Position(0, 4)
    typist.type("a")
    assert typist.outcomes.answered(old, place, [Fill(Span(place, place), "b", 1.0, "m")], "inline") == ()
    typist.outcomes.closed(URI)
    assert not typist.noted
    typist.documents.clear()
    assert typist.outcomes.answered(old, place, [Fill(Span(place, place), "b", 1.0, "m")], "inline") == ()


def test_of_several_the_one_that_comes_true_counts(typist: Typist) -> None:
    typist.open("x = |\n")
    names = typist.suggest("area(width)", "size(height)", source="codellama")
    typist.put("size(height)")
    (outcome,) = typist.noted
    assert (outcome.verdict, outcome.length, outcome.id) == (ACCEPTED, 12, int(names[1], 16) >> 1)


def test_the_popup_is_no_second_suggestion_and_cannot_be_rejected(typist: Typist) -> None:
    typist.open("x = |\n")
    typist.suggest("area(width)")
    typist.suggest("area(width)", surface="popup")
    typist.put("area(width)")
    assert [(one.verdict, one.surface) for one in typist.noted] == [(ACCEPTED, "inline")]
    typist.suggest("+ 1", surface="popup")
    typist.type("?")
    assert [(one.verdict, one.surface) for one in typist.noted] == [(ACCEPTED, "inline"), (IGNORED, "popup")]
    assert not refused(typist, "+ 1")


def test_the_end_judges_what_is_open(typist: Typist) -> None:
    typist.open("x = |\n")
    typist.suggest("area(width)")
    typist.put("area")
    typist.outcomes.closed(URI)
    assert [(one.verdict, one.taken) for one in typist.noted] == [(PARTLY, 4)]


async def test_the_end_writes_all(typist: Typist) -> None:
    typist.open("x = |\n")
    typist.suggest("area(width)")
    await typist.outcomes.close()
    assert not typist.noted
    with closing(rows.open_outcomes(typist.journal.folder)) as database:
        (whole,) = rows.summaries(database, 0.0)
    assert (whole.shown, whole.ignored) == (1, 1)
    await typist.journal.close()


# What editors tell.


@pytest.mark.parametrize("first", ["text", "command"])
def test_told_to_be_accepted_before_or_after_its_text(typist: Typist, first: str) -> None:
    typist.open("x = |\n")
    (name,) = typist.suggest("w)")
    if first == "command":
        typist.outcomes.accepted(name)
    typist.now -= 0.95  # so quickly that it looks like typing
    typist.put("w)")
    if first == "text":
        assert typist.verdicts == [TYPED]
        typist.outcomes.accepted(name)
    assert [(one.verdict, one.told, one.taken) for one in typist.noted] == [(ACCEPTED, True, 2)]
    typist.outcomes.accepted(name)
    typist.outcomes.accepted("none of ours")
    assert len(typist.noted) == 1


def test_told_to_be_accepted_and_put_in_otherwise(typist: Typist) -> None:
    typist.open("x = |\n")
    (name,) = typist.suggest("area(width)")
    typist.outcomes.accepted(name)
    typist.put("AREA(width)")
    assert [(one.verdict, one.told, one.taken) for one in typist.noted] == [(ACCEPTED, True, 11)]


def test_told_to_be_partly_accepted(typist: Typist) -> None:
    typist.open("x = |\n")
    (name,) = typist.suggest("ab.cd(ef)")
    typist.put("ab")
    typist.outcomes.partly(name, 2)
    assert typist.suggest(".cd(ef)") == (name,)
    typist.put(".")
    typist.outcomes.partly(name, 1)
    typist.type("x")
    assert [(one.verdict, one.told, one.taken) for one in typist.noted] == [(PARTLY, True, 3)]


def test_told_to_be_rejected(typist: Typist) -> None:
    typist.open("x = |\n")
    (name,) = typist.suggest("area(width)")
    typist.outcomes.rejected(name)
    assert [(one.verdict, one.told) for one in typist.noted] == [(REJECTED, True)]
    assert refused(typist, "area(width)")


def test_of_an_editor_that_says_what_it_shows_the_rest_was_not_shown(typist: Typist) -> None:
    typist.open("x = |\n")
    (name,) = typist.suggest("area(width)")
    typist.outcomes.shown(name)
    typist.type("2")
    typist.suggest("never seen")
    typist.type("3")
    assert typist.verdicts == [REJECTED]
    (name,) = typist.suggest("accepted all the same")
    typist.put("accepted all the same")
    assert typist.verdicts == [REJECTED, ACCEPTED]


# What follows.


def test_what_was_rejected_at_a_place_is_refused_there(typist: Typist) -> None:
    typist.open("x = |\ny = \n")
    typist.suggest("area(width)")
    typist.type("ar")
    typist.type("c")
    typist.put("", delete=1)
    assert typist.verdicts == [REJECTED]
    assert refused(typist, "ea(width)")
    assert not refused(typist, "ea(height)")
    typist.put("", delete=2)
    assert refused(typist, "area(width)")
    # It follows its place, and is nowhere else.
    typist.cursor = 0
    typist.put("import os\n")
    typist.go("x = ")
    assert refused(typist, "area(width)")
    typist.go("y = ")
    assert not refused(typist, "area(width)")
    typist.outcomes.closed(URI)
    typist.go("x = ")
    assert not refused(typist, "area(width)")


def test_who_only_went_away_may_come_back_once(typist: Typist) -> None:
    typist.open("x = |\ny = \n")
    for expected in (False, True):
        typist.go("x = ")
        typist.suggest("area(width)")
        typist.go("y = ")
        typist.suggest()
        typist.go("x = ")
        assert refused(typist, "area(width)") is expected


def test_accepted_lines_are_known_to_the_session(typist: Typist) -> None:
    typist.open("|\n")
    typist.suggest("    total = width * height\n    }\n    return total")
    typist.put("    total = width * height\n    }\n    return total")
    learned, document = typist.outcomes.learned(URI), typist.document
    assert learned.lines == {"total = width * height", "return total"}
    at = Span(Position(2, 4), Position(2, 4))
    other, same = Fill(at, "return 0", 0.45, "recall"), Fill(at, "return total\n", 0.4, "recall")
    assert learned.favoured(document, [other, same]) == (replace(same, confidence=pytest.approx(0.5)), other)
    assert Learned().favoured(document, [same, other]) == (same, other)


def test_a_threshold_that_someone_set_stays(typist: Typist) -> None:
    learned = typist.outcomes.learned(URI)
    for settings in (RecallSettings(), RecallSettings(confidence=0.3)):
        assert learned.tuned(settings, "python", "recall") is settings


# What is kept.


def test_kept_as_it_is_changed_and_deleted(typist: Typist) -> None:
    typist.open("x = |\n")
    typist.suggest("area(width)")
    typist.put("area(width)")
    typist.cursor = 0
    typist.put("import os\n")
    start = typist.now
    typist.now = start + 30
    typist.outcomes.kept.look()
    assert typist.noted[0].kept == (1.0, None, None, None)
    typist.go("area(wi")
    typist.put("X", delete=1)
    typist.now = start + 200
    typist.outcomes.kept.look()
    assert typist.noted[0].kept == (1.0, 0.9091, 0.9091, None)
    assert typist.outcomes.learned(URI).lines == {"area(width)"}
    typist.go("area(wXdth)")
    typist.put("", delete=11)
    typist.now = start + 361
    typist.outcomes.kept.look()
    assert typist.noted[0].kept == (1.0, 0.9091, 0.9091, 0.0)
    assert len(typist.outcomes.kept) == 0
    assert not typist.outcomes.learned(URI).lines
    assert METRICS.value("suggestion_kept_ratio", after="360") >= 1


def test_what_is_written_behind_it_is_no_part_of_it(typist: Typist) -> None:
    typist.open("x = |\n")
    typist.suggest("area(width)")
    typist.put("area(width)")
    typist.type(" + 1")
    typist.now += 30
    typist.outcomes.kept.look()
    assert typist.noted[0].kept[0] == 1.0


def test_a_formatter_that_replaces_the_text_around_it(typist: Typist) -> None:
    typist.open("x=|;y=1\n")
    typist.suggest("area(width)")
    typist.put("area(width)")
    before = typist.document
    edit = Edit(Span(Position(0, 0), before.end), "x = area(width)\ny = 1\n")
    typist.documents[URI] = after = before.replaced([edit], 9)
    typist.outcomes.changed(before, edit, after)
    typist.now += 30
    typist.outcomes.kept.look()
    assert typist.noted[0].kept[0] == 1.0


def test_of_a_closed_document_nothing_is_known(typist: Typist) -> None:
    typist.open("x = |\n")
    typist.suggest("area(width)")
    typist.put("area(width)")
    typist.outcomes.closed(URI)
    typist.now += 400
    typist.outcomes.kept.look()
    assert typist.noted[0].kept == (None, None, None, None)


async def test_one_task_looks_when_it_is_time(typist: Typist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "AGES", (0.0, 0.0, 0.0, 360))
    watching = asyncio.create_task(typist.outcomes.kept.watch())
    await asyncio.sleep(0)
    typist.open("x = |\n")
    typist.suggest("area(width)")
    typist.put("area(width)")
    for _ in range(500):
        if typist.noted[0].kept[2] is not None:
            break
        await asyncio.sleep(0.01)
    assert typist.noted[0].kept == (1.0, 1.0, 1.0, None)
    watching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watching


def test_other_documents_are_left_alone(typist: Typist) -> None:
    typist.open("x = |\n")
    typist.suggest("area(width)")
    other = document("file:///work/b.py", "", "python")
    edit = Edit(Span(other.end, other.end), "anything")
    typist.outcomes.changed(other, edit, other.replaced([edit], 2))
    typist.put("area(width)")
    assert typist.verdicts == [ACCEPTED]


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(
            ["suggest", "popup", "put", "type", "delete", "go", "look", "shown", "accepted", "partly", "no"]
        ),
        st.text("ab(\n ", max_size=6),
        st.integers(0, 9),
    ),
    max_size=25,
)


@given(OPERATIONS)
def test_whatever_happens_each_suggestion_has_one_end(operations: list[tuple[str, str, int]]) -> None:
    typist = Typist(Journal(Path("nowhere"), Health()))
    typist.open("a|b\n(a\n")
    names: set[str] = set()
    for what, text, number in operations:
        name = sorted(names)[number % len(names)] if names else "none"
        match what:
            case "suggest" | "popup":
                names.update(typist.suggest(text or "a", "ab(", surface="inline" if what == "suggest" else "popup"))
            case "put" | "type":
                (typist.put if what == "put" else typist.type)(text)
            case "delete":
                typist.put("", delete=min(number, typist.cursor))
            case "go":
                typist.cursor = number % (len(typist.text) + 1)
            case "look":
                typist.now += number * 50
                typist.outcomes.kept.look()
            case "partly":
                typist.outcomes.partly(name, number)
            case "no":
                typist.outcomes.rejected(name)
            case _:
                getattr(typist.outcomes, what)(name)
    typist.outcomes.closed(URI)
    assert {one.id for one in typist.noted} <= {int(name, 16) >> 1 for name in names}
    for one in typist.noted:
        assert 0 <= one.taken + one.typed <= one.length
        assert all(share is None or 0 <= share <= 1 for share in one.kept)
        assert (one.taken > 0) <= (one.verdict in (ACCEPTED, PARTLY))
