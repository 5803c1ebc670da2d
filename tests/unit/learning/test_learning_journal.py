"""Is what became of suggestions stored, shared, bounded, weighed by age, and no trouble when it cannot be?"""

import asyncio
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.agents.learning import journal as module
from copilot_lsp.agents.learning import rows
from copilot_lsp.agents.learning.calibrate import Calibration, Tally, threshold
from copilot_lsp.agents.learning.journal import Journal
from copilot_lsp.agents.learning.learned import Learned
from copilot_lsp.agents.learning.suggestion import Outcome, Verdict
from copilot_lsp.core.errors import StoreError
from copilot_lsp.recall.settings import RecallSettings
from copilot_lsp.telemetry.health import Health
from copilot_lsp.telemetry.metrics import METRICS

ACCEPTED, PARTLY, TYPED, REJECTED, IGNORED = Verdict
DAY = 86_400


def outcome(number: int = 1, verdict: Verdict = ACCEPTED, **changes: object) -> Outcome:
    whole = Outcome(number, time.time(), "python", "recall", "inline", 0.5, 1, 20, verdict, False, 20, 0, 1.5)
    return replace(whole, **changes)


def stored(folder: Path) -> list[tuple[object, ...]]:
    with closing(apsw.Connection(str(folder / rows.FILE))) as connection:
        return list(connection.execute("SELECT id, verdict, kept_30, source FROM outcomes ORDER BY id"))


async def test_written_once_per_suggestion_and_completed_later(journal: Journal) -> None:
    journal.add(outcome(1))
    journal.add(outcome(2, REJECTED))
    await journal.flush()
    assert not journal.waiting
    journal.add(outcome(1, kept=(0.75, None, None, None)))
    await journal.close()
    assert stored(journal.folder) == [(1, "accepted", 0.75, "recall"), (2, "rejected", None, "recall")]
    journal.add(outcome(3))
    await journal.flush()  # after the end nothing is opened again
    assert len(stored(journal.folder)) == 2


async def test_nothing_is_made_before_someone_learns(journal: Journal) -> None:
    await journal.close()
    assert not journal.folder.exists()


async def test_running_it_writes_soon_and_reads_first(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_EVERY", 0.01)
    with closing(rows.open_outcomes(journal.folder)) as database:
        rows.write(database, [outcome(number, REJECTED) for number in range(100, 150)])
    running = asyncio.create_task(journal.run())
    journal.add(outcome(1))
    for _ in range(500):
        if not journal.waiting:
            break
        await asyncio.sleep(0.01)
    assert len(stored(journal.folder)) == 51
    assert journal.calibration.acceptance("recall") == pytest.approx(1 / 51, abs=0.001)
    assert METRICS.value("suggestion_acceptance", source="recall") == journal.calibration.acceptance("recall")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await journal.close()


async def test_two_processes_write_one_file(journal: Journal) -> None:
    other = Journal(journal.folder, Health())
    for number in range(20):
        (journal, other)[number % 2].add(outcome(number))
        await asyncio.gather(journal.flush(), other.flush())
    await asyncio.gather(journal.close(), other.close())
    assert len(stored(journal.folder)) == 20


# Troubles.


async def test_a_damaged_file_is_moved_aside_and_said_once(journal: Journal) -> None:
    journal.folder.mkdir(parents=True)
    (journal.folder / rows.FILE).write_bytes(b"no database at all" * 1000)
    said: list[str] = []
    deaf = journal.listen(said.append)
    journal.add(outcome(1))
    await journal.flush()
    journal.add(outcome(2))
    await journal.close()
    assert len(stored(journal.folder)) == 2
    (sentence,) = said
    assert "was damaged; it is kept as outcomes.db.damaged-" in sentence
    deaf()
    assert rows.reset(journal.folder) == 2
    assert [path.name for path in journal.folder.glob("*damaged*")] == []


async def test_a_file_that_is_damaged_while_it_is_open(journal: Journal) -> None:
    for number in range(400):
        journal.add(outcome(number, language="x" * 90))
    await journal.flush()
    with closing(apsw.Connection(str(journal.folder / rows.FILE))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (journal.folder / rows.FILE).open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 40_000)
    for number in range(1000, 1000 + module._MANY):
        journal.add(outcome(number))
    await journal.flush()  # reads the rates, and thus finds it
    await journal.flush()
    await journal.close()
    assert [row[0] for row in stored(journal.folder)] == list(range(1000, 1000 + module._MANY))
    assert journal.health.status("learning") == "ok"


async def test_a_folder_that_is_a_file(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.folder.parent.mkdir(parents=True, exist_ok=True)
    journal.folder.write_text("in the way")
    await _refused(journal, monkeypatch, journal.folder.unlink)


async def _refused(journal: Journal, monkeypatch: pytest.MonkeyPatch, mend: object) -> None:
    """It is said once, later to who comes later, kept waiting within bounds, and written when it can be again."""
    said: list[str] = []
    journal.listen(said.append)
    for number in range(module._MOST_WAITING + 10):
        journal.add(outcome(number))
    for _ in range(3):
        monkeypatch.setattr(journal, "_next_try", 0.0)
        await journal.flush()
    (sentence,) = said
    assert sentence.startswith("What becomes of suggestions is not remembered: ")
    assert journal.health.status("learning") == "degraded"
    late: list[str] = []
    journal.listen(late.append)()
    assert late == said
    await journal.flush()  # too soon to be tried again
    assert len(journal.waiting) == module._MOST_WAITING
    mend()
    monkeypatch.setattr(journal, "_next_try", 0.0)
    await journal.flush()
    assert (journal.waiting, journal.health.status("learning"), len(said)) == ((), "ok", 1)
    await journal.close()


async def test_a_file_that_was_deleted_meanwhile(journal: Journal) -> None:
    journal.add(outcome(1))
    await journal.flush()
    for path in journal.folder.iterdir():
        path.unlink()
    journal.add(outcome(2))
    await journal.close()
    assert [row[0] for row in stored(journal.folder)] == [2]


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    rows.open_outcomes(tmp_path).close()
    with closing(apsw.Connection(str(tmp_path / rows.FILE))) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError):
        rows.open_outcomes(tmp_path)


# Bounds and figures.


def test_old_and_too_many_rows_are_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    with closing(rows.open_outcomes(tmp_path)) as database:
        rows.write(database, [outcome(number, at=now - number * DAY) for number in range(200)])
        rows.trim(database, now + 3600)
    assert len(stored(tmp_path)) == rows.KEPT_DAYS
    monkeypatch.setattr(rows, "MOST_ROWS", 10)
    with closing(rows.open_outcomes(tmp_path)) as database:
        rows.trim(database, now)
    assert [row[0] for row in stored(tmp_path)] == list(range(10))


def test_names_are_cut(tmp_path: Path) -> None:
    with closing(rows.open_outcomes(tmp_path)) as database:
        rows.write(database, [outcome(source="m" * 100_000)])
    assert stored(tmp_path)[0][3] == "m" * 100


def test_tallies_weigh_by_age(tmp_path: Path) -> None:
    now = time.time()
    with closing(rows.open_outcomes(tmp_path)) as database:
        rows.write(
            database,
            [
                outcome(1, ACCEPTED, at=now),
                outcome(2, REJECTED, at=now - 14 * DAY),
                outcome(3, TYPED, at=now - 28 * DAY, confidence=0.55),
                outcome(4, IGNORED),
                outcome(5, ACCEPTED, surface="popup"),
                outcome(6, ACCEPTED, at=now - 150 * DAY),
                outcome(7, ACCEPTED, confidence=1.0, language="go"),
                outcome(8, ACCEPTED, at=now + DAY, language="ruby"),  # the clock went back
                outcome(9, ACCEPTED, at=now, language="c", kept=(1.0, 0.25, None, None)),
                outcome(10, PARTLY, at=now, language="c", taken=10, kept=(0.5, None, None, None)),
            ],
        )
        found = rows.tallies(database, now)
    tally = found["python", "recall"][5]
    assert (tally.shown, tally.right) == (pytest.approx(1.75, abs=0.01), pytest.approx(1.25, abs=0.01))
    assert tally.confidence == pytest.approx((0.5 + 0.25 + 0.55 / 4) / 1.75 - 0.0357, abs=0.05)
    assert found["go", "recall"] == {9: Tally(1.0, 1.0, 1.0)}
    assert found["c", "recall"] == {5: Tally(2.0, 0.5, 0.5)}
    assert found["ruby", "recall"][5].shown == 1.0


def test_summaries(tmp_path: Path) -> None:
    now = time.time()
    with closing(rows.open_outcomes(tmp_path)) as database:
        rows.write(
            database,
            [
                outcome(1, ACCEPTED, kept=(1.0, 0.5, None, None), told=True),
                outcome(2, PARTLY, taken=5, kept=(0.5, None, None, None)),
                outcome(3, TYPED, taken=0, typed=20),
                outcome(4, REJECTED, taken=0, language="go"),
                outcome(5, IGNORED, taken=0, language="go"),
                outcome(6, REJECTED, taken=0, at=now - 3 * DAY),
            ],
        )
        (whole,) = rows.summaries(database, now - DAY)
        languages = rows.summaries(database, now - DAY, "language")
        days = rows.summaries(database, 0.0, "day")
        assert rows.summaries(database, now + DAY) == ()
    assert whole == rows.Summary("", 5, 1, 1, 1, 1, 1, 1, 25, (0.75, 0.5, None, None))
    assert whole.acceptance == 0.5
    assert [(one.group, one.shown, one.acceptance) for one in languages] == [("python", 3, 2 / 3), ("go", 2, 0.0)]
    assert [one.shown for one in days] == [5, 1]
    assert days[0].group > days[1].group
    assert replace(whole, shown=1, ignored=1).acceptance is None


# Thresholds.


def experience(shown: float, share: float, *confidences: float) -> dict[int, Tally]:
    """As many suggestions at each confidence, of which a share of what the engine promised proved right."""
    return {int(one * 10): Tally(shown, shown * min(1.0, one * share), one) for one in confidences}


LEVELS = (0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95)


@pytest.mark.parametrize("base", [0.02, 0.1, 0.35, 0.8])
def test_without_experience_the_engine_knows_best(base: float) -> None:
    assert Calibration().threshold("python", "recall", base) == base
    assert threshold({}, base) == base
    assert threshold(experience(5, 0.0, *LEVELS), base) == base
    assert threshold(experience(5000, 1.0, *LEVELS), max(base, 0.15)) == max(base, 0.15)


@pytest.mark.parametrize("base", [0.02, 0.1])
def test_what_is_seldom_right_is_not_shown(base: float) -> None:
    found = [threshold(experience(200, share, *LEVELS), base) for share in (0.0, 0.3, 0.6, 1.0, 1.5)]
    assert found == sorted(found, reverse=True)
    assert found[0] == 0.6
    assert 0.1 <= found[3] <= 0.2  # as sure as it is to be right


def test_it_moves_with_experience() -> None:
    steps = [threshold(experience(shown, 0.0, *LEVELS), 0.02) for shown in (0, 5, 10, 15, 30, 1000)]
    assert steps == sorted(steps)
    assert (steps[1], steps[-1]) == (0.02, 0.6)


def test_what_was_not_tried_is_hoped_for() -> None:
    assert threshold(experience(1000, 0.0, 0.55), 0.02) == 0.02
    assert threshold(experience(1000, 0.0, 0.05), 0.02) == pytest.approx(0.1, abs=0.011)


def test_a_high_base_stays() -> None:
    assert threshold(experience(1000, 0.0, *LEVELS), 0.8) == 0.8


def test_one_language_does_not_move_another() -> None:
    one = Calibration({("python", "recall"): experience(500, 0.0, *LEVELS)})
    assert one.threshold("python", "recall", 0.1) == 0.6
    assert one.threshold("go", "recall", 0.1) == 0.1
    assert Calibration().acceptance("recall") is None
    assert one.acceptance("recall") == 0.0
    assert one.acceptance("other") is None


def test_both_thresholds_of_the_engine_move_unless_they_are_set() -> None:
    learned = Learned(calibration=Calibration({("python", "recall"): experience(500, 0.0, *LEVELS)}))
    moved = learned.tuned(RecallSettings(), "python", "recall")
    assert (moved.confidence, moved.agreement) == (0.6, 0.6)
    assert learned.tuned(RecallSettings(), "go", "recall") == RecallSettings()
    chosen = learned.tuned(RecallSettings(confidence=0.05, agreement=0.9), "python", "recall")
    assert (chosen.confidence, chosen.agreement) == (0.05, 0.9)


# Trust in models.


def trusted(*outcomes: tuple[float, float]) -> float:
    """The trust in a model of which so many answers were shown, and so many of them right."""
    shown, right = sum(one for one, _ in outcomes), sum(other for _, other in outcomes)
    return Calibration({("go", "m"): {9: Tally(shown, right, 1.0)}}).trust("go", "m")


@given(st.floats(0, 20), st.floats(0, 1))
def test_a_few_answers_of_a_model_change_nothing(shown: float, share: float) -> None:
    assert Calibration().trust("go", "m") == 1.0
    assert trusted((shown, shown * share)) == 1.0


@given(st.floats(0, 5000), st.floats(0, 5000), st.floats(0, 1))
def test_trust_falls_with_rejections_to_a_limit_and_acceptances_bring_it_back(
    shown: float, more: float, share: float
) -> None:
    before = trusted((shown, shown * share))
    rejected = trusted((shown, shown * share), (more, 0))
    accepted = trusted((shown, shown * share), (more, 0), (more, more))
    assert 0.2 <= rejected <= before <= 1.0
    assert rejected <= accepted
    assert share < 0.15 or before == pytest.approx(1.0)
    assert trusted((5000, 0)) == 0.2
    assert trusted((5000, 0), (5000, 5000)) == 1.0


@given(st.sampled_from([0.0, 0.02, 0.1, 0.3]), st.floats(0, 500), st.floats(0, 500), st.integers(0, 9))
def test_rejections_raise_the_engines_threshold_and_acceptances_lower_it_again(
    base: float, shown: float, more: float, bucket: int
) -> None:
    sure = (bucket + 0.5) / 10
    known = Tally(shown, shown * sure, sure)
    worse, mended = Tally(shown + more, known.right, sure), Tally(shown + 2 * more, known.right + more, sure)
    before, after = threshold({bucket: known}, base), threshold({bucket: worse}, base)
    assert base <= before <= after <= max(base, 0.6)
    assert threshold({bucket: mended}, base) <= after + 0.01
