"""Bring the whole index up to date: the bulk job of a worker process."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from copilot_lsp.index.bulk import bulk
from copilot_lsp.index.job import Tally, Task
from copilot_lsp.index.rows import ABSENT, FileRows, Known, file_rows, maker, remove, restamp, write
from copilot_lsp.index.source import NotIndexed, read_source
from copilot_lsp.index.walk import Found, Rules, Walk
from copilot_lsp.store.database import Database

# One transaction holds about this much source. Larger ones index a little faster, but a save in another process waits
# for the lock as long as one lasts (about 40 ms), and a kill loses this much work.
_BATCH_BYTES = 1 << 20
_BATCH_FILES = 128
_REPORT_SECONDS = 0.2

Report = Callable[[bytes], None]


def crawl(payload: bytes, report: Report) -> bytes:
    """Index every file that changed since it was last indexed, and remove what is gone.

    Files are told apart by size and modification time, then by digest. Killed at any time, the next crawl goes on
    where this one was. Only one process crawls at a time: the others get a tally that says `busy`.
    """
    return bulk(payload, lambda task, database: _Crawl(task, database, report).run())


@dataclass(slots=True)
class _Batch:
    """What one transaction writes: rows with what was known before, and files that were merely touched."""

    rows: list[tuple[FileRows, Known]] = field(default_factory=list[tuple[FileRows, Known]])
    touched: list[tuple[str, int, int]] = field(default_factory=list[tuple[str, int, int]])
    size: int = 0

    @property
    def full(self) -> bool:
        return self.size >= _BATCH_BYTES or len(self.rows) + len(self.touched) >= _BATCH_FILES


@dataclass(slots=True)
class _Crawl:
    task: Task
    database: Database
    report: Report
    began: float = field(default_factory=time.monotonic)
    told: float = 0.0
    files: int = 0
    size: int = 0
    total: int = 0
    written: int = 0
    written_bytes: int = 0
    removed: int = 0
    skipped: Counter[str] = field(default_factory=Counter[str])

    def run(self) -> Tally:
        # Invariant: what is known is read before the walk, so that rows which another process writes during it for a
        # file that the walk missed are not taken for those of a file that is gone.
        with self.database.read() as connection:
            rows = connection.execute("SELECT path, size, stamp, digest, maker FROM files")
            known = {path: Known(*rest) for path, *rest in rows}
        walk = Walk(Rules.of(self.task.root, self.task.scope))
        found = list(walk.files())
        self.skipped.update(walk.skipped)
        self.total = len(found)
        self._remove([(path, known[path]) for path in sorted(known.keys() - {one.path for one in found})])
        batch = _Batch()
        for one in found:
            self._read(one, known.get(one.path, ABSENT), batch)
            self.files += 1
            self.size += one.size
            if batch.full:
                self._commit(batch)
                batch = _Batch()
            self._tell()
        self._commit(batch)
        return self._tally()

    def _read(self, found: Found, before: Known, batch: "_Batch") -> None:
        """Add to the batch what must be written for a file: nothing for most, as they did not change."""
        if (before.size, before.stamp, before.maker) == (found.size, found.stamp, maker()):
            return
        try:
            source = read_source(f"{self.task.root}/{found.path}", self.task.scope.max_file_bytes)
        except NotIndexed as reason:
            self.skipped[str(reason)] += 1
            self._remove([(found.path, before)])
            return
        if source.encoding != "utf-8":
            self.skipped[f"decoded as {source.encoding}"] += 1
        if before.holds(source.digest):
            batch.touched.append((found.path, source.size, source.stamp))
        else:
            batch.rows.append((file_rows(found.path, source), before))
            batch.size += source.size

    def _commit(self, batch: "_Batch") -> None:
        if not batch.rows and not batch.touched:
            return
        with self.database.write() as connection:
            written = write(connection, batch.rows)
            for touched in batch.touched:
                restamp(connection, *touched)
        self.written += len(written)
        self.written_bytes += sum(rows.size for rows in written)

    def _remove(self, gone: list[tuple[str, Known]]) -> None:
        for start in range(0, len(gone), _BATCH_FILES):
            with self.database.write() as connection:
                some = gone[start : start + _BATCH_FILES]
                self.removed += sum(remove(connection, path, before) for path, before in some)

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self.told >= _REPORT_SECONDS:
            self.told = now
            self.report(self._tally().encode())

    def _tally(self) -> Tally:
        return Tally(
            self.files,
            self.total,
            self.size,
            self.written,
            self.written_bytes,
            self.removed,
            dict(self.skipped),
            time.monotonic() - self.began,
        )
