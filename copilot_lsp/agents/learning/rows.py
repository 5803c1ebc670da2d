"""The statements of the file of outcomes: nobody else knows its tables."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from copilot_lsp.agents.learning.calibrate import BUCKETS, Tally
from copilot_lsp.agents.learning.suggestion import Outcome, Verdict
from copilot_lsp.store.connection import Value
from copilot_lsp.store.database import Database, open_database, replace_damaged

FILE = "outcomes.db"
_MIGRATIONS = "copilot_lsp.agents.learning.migrations"
_DAY = 86_400
# What is older, or more, says nothing about today and is deleted.
KEPT_DAYS = 180
MOST_ROWS = 100_000
# Names come from clients and settings: longer ones are cut.
_LONGEST = 100
# After so many days a row counts half.
_HALF_LIFE = 14
_COLUMNS = (
    "id, at, language, source, surface, confidence, lines, length, verdict, told, taken, typed, seconds, "
    "kept_30, kept_90, kept_180, kept_360"
)
_INSERT = f"INSERT OR REPLACE INTO outcomes ({_COLUMNS}) VALUES ({', '.join('?' * 17)})"
# Rows older than eight half-lives have next to no weight; not reading them keeps this quick.
# What was accepted is right as far as it was kept.
_KEPT = "coalesce(kept_360, kept_180, kept_90, kept_30, 1.0)"
_TALLIES = f"""
SELECT language, source, min(max(CAST(confidence * {BUCKETS} AS INTEGER), 0), {BUCKETS - 1}) AS bucket,
    sum(weight), sum(weight * "right"), sum(weight * confidence)
FROM (
    SELECT language, source, confidence,
        CASE verdict
            WHEN 'typed' THEN 1.0
            WHEN 'accepted' THEN {_KEPT}
            WHEN 'partly' THEN {_KEPT} * min(1.0, taken * 1.0 / max(1, length))
            ELSE 0.0
        END AS "right",
        exp({-0.6931471805599453 / (_HALF_LIFE * _DAY)} * max(0, ?1 - at)) AS weight
    FROM outcomes
    WHERE surface = 'inline' AND verdict != 'ignored' AND at > ?1 - {8 * _HALF_LIFE * _DAY}
)
GROUP BY language, source, bucket"""
# Groups of the summary by name, and the expression that makes them.
GROUPS = {
    "language": "language",
    "source": "source",
    "surface": "surface",
    "day": "date(at, 'unixepoch', 'localtime')",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a group of suggestions. `kept` are the mean shares by `kept.AGES`, None where none is known."""

    group: str
    shown: int
    accepted: int
    partly: int
    typed: int
    rejected: int
    ignored: int
    told: int
    saved: int
    kept: tuple[float | None, ...]

    @property
    def acceptance(self) -> float | None:
        """Accepted, wholly or partly, of those that something can be told of."""
        judged = self.shown - self.ignored
        return (self.accepted + self.partly) / judged if judged else None


def open_outcomes(folder: Path, *, damaged: bool = False) -> Database:
    """The file of outcomes in a folder. Raises StoreError.

    `damaged`: someone found it so after it was opened; it is moved aside if that is true.
    """
    path = folder / FILE
    return replace_damaged(path, _MIGRATIONS) if damaged else open_database(path, _MIGRATIONS)


def trim(database: Database, now: float) -> None:
    """Delete what is too old or too much."""
    with database.write() as connection:
        connection.execute("DELETE FROM outcomes WHERE at < ?", (int(now) - KEPT_DAYS * _DAY,))
        connection.execute(
            "DELETE FROM outcomes WHERE id IN (SELECT id FROM outcomes ORDER BY at DESC LIMIT -1 OFFSET ?)",
            (MOST_ROWS,),
        )


def write(database: Database, outcomes: Iterable[Outcome]) -> None:
    """Insert rows, or replace those of the same suggestion."""
    with database.write() as connection:
        connection.executemany(_INSERT, [_row(one) for one in outcomes])


def tallies(database: Database, now: float) -> dict[tuple[str, str], dict[int, Tally]]:
    """Tallies by language, source and bucket, each row weighted by its age at `now` (seconds since 1970)."""
    found: dict[tuple[str, str], dict[int, Tally]] = {}
    with database.read() as connection:
        for language, source, bucket, shown, right, sure in connection.execute(_TALLIES, (int(now),)):
            if shown > 0:
                found.setdefault((language, source), {})[bucket] = Tally(shown, right, sure / shown)
    return found


def summaries(database: Database, since: float, group: str | None = None) -> tuple[Summary, ...]:
    """What became of suggestions since a time, as a whole or by one of `GROUPS`; the largest group first, days last
    first.
    """
    key = GROUPS[group] if group else "''"
    order = "1 DESC" if group == "day" else "2 DESC, 1"
    with database.read() as connection:
        rows = connection.execute(
            f"SELECT {key}, count(*), {_counts()}, sum(told), sum(taken), "
            "avg(kept_30), avg(kept_90), avg(kept_180), avg(kept_360) "
            f"FROM outcomes WHERE at >= ? GROUP BY 1 ORDER BY {order}",
            (since,),
        ).fetchall()
    return tuple(_summary(*row) for row in rows)


def reset(folder: Path) -> int:
    """Delete all rows and the damaged files that were moved aside; the answer is how many rows there were."""
    for aside in folder.glob(f"{FILE}.damaged-*"):
        with suppress(OSError):
            aside.unlink()
    if not (folder / FILE).exists():
        return 0
    database = open_database(folder / FILE, _MIGRATIONS)
    try:
        with database.write() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            number: int = connection.execute("SELECT count(*) FROM outcomes").fetchall()[0][0]
            connection.execute("DELETE FROM outcomes")
    finally:
        database.close()
    return number


def _summary(
    group: str,
    shown: int,
    accepted: int,
    partly: int,
    typed: int,
    rejected: int,
    ignored: int,
    told: int,
    saved: int,
    *kept: float | None,
) -> Summary:
    return Summary(group, shown, accepted, partly, typed, rejected, ignored, told, saved, kept)


def _counts() -> str:
    return ", ".join(f"count(*) FILTER (WHERE verdict = '{one}')" for one in Verdict)


def _row(one: Outcome) -> Sequence[Value]:
    return (
        one.id,
        int(one.at),
        one.language[:_LONGEST],
        one.source[:_LONGEST],
        one.surface,
        one.confidence,
        one.lines,
        one.length,
        one.verdict.value,
        int(one.told),
        one.taken,
        one.typed,
        one.seconds,
        *one.kept,
    )
