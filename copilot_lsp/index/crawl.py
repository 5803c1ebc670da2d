"""Bring the whole index up to date: the bulk job of a worker process."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from copilot_lsp.core.errors import StoreError
from copilot_lsp.index.job import Tally, Task, decode_task, failed
from copilot_lsp.index.rows import FileRows, file_rows, remove, restamp, write
from copilot_lsp.index.source import NotIndexed, read_source
from copilot_lsp.index.walk import Found, Rules, Walk
from copilot_lsp.store.database import Database, open_database
from copilot_lsp.store.lock import try_lock

MIGRATIONS = "copilot_lsp.index.migrations"

# One transaction holds about this much source. Larger ones index a little faster, but a save in another process waits
# for the lock as long as one lasts (about 20 ms), and a kill loses this much work.
_BATCH_BYTES = 256 << 10
_BATCH_FILES = 64
_REPORT_SECONDS = 0.2

Report = Callable[[bytes], None]


def crawl(payload: bytes, report: Report) -> bytes:
    """Index every file that changed since it was last indexed, and remove what is gone.

    Files are told apart by size and modification time, then by digest. Killed at any time, the next crawl goes on
    where this one was. Only one process crawls at a time: the others get a tally that says `busy`.
    """
    task = decode_task(payload)
    try:
        with try_lock(task.lock) as held:
            if not held:
                return Tally(busy=True).encode()
            database = open_database(task.database, MIGRATIONS)
            try:
                return _Crawl(task, database, report).run().encode()
            finally:
                database.close()
    except StoreError as error:
        return failed(error).encode()


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
        walk = Walk(Rules.of(self.task.root, self.task.settings))
        found = list(walk.files())
        self.skipped.update(walk.skipped)
        self.total = len(found)
        with self.database.read() as connection:
            rows = connection.execute("SELECT path, size, stamp, digest FROM files").fetchall()
        known = {path: (size, stamp, digest) for path, size, stamp, digest in rows}
        self._remove(known.keys() - {one.path for one in found})
        self._write(found, known)
        return self._tally()

    def _write(self, found: list[Found], known: dict[str, tuple[int, int, bytes]]) -> None:
        batch: list[FileRows] = []
        touched: list[tuple[str, int, int]] = []
        size = 0
        for one in found:
            before = known.get(one.path)
            if before is None or before[:2] != (one.size, one.stamp):
                rows = self._rows(one, before[2] if before else b"")
                if isinstance(rows, FileRows):
                    batch.append(rows)
                    size += rows.size
                elif rows:
                    touched.append(rows)
            self.files += 1
            self.size += one.size
            if size >= _BATCH_BYTES or len(batch) + len(touched) >= _BATCH_FILES:
                self._commit(batch, touched)
                batch, touched, size = [], [], 0
            self._tell()
        self._commit(batch, touched)

    def _rows(self, found: Found, digest: bytes) -> FileRows | tuple[str, int, int] | None:
        """A changed file's rows; only its stamps when it was merely touched; None when it is not text any more."""
        try:
            source = read_source(self.task.root / found.path, self.task.settings.max_file_bytes)
        except NotIndexed as reason:
            self.skipped[str(reason)] += 1
            if digest:
                self._remove({found.path})
            return None
        if source.encoding != "utf-8":
            self.skipped[f"decoded as {source.encoding}"] += 1
        if source.digest == digest:
            return found.path, source.size, source.stamp
        return file_rows(found.path, source)

    def _commit(self, batch: list[FileRows], touched: list[tuple[str, int, int]]) -> None:
        if not batch and not touched:
            return
        with self.database.write() as connection:
            for rows in batch:
                write(connection, rows)
            for path, size, stamp in touched:
                restamp(connection, path, size, stamp)
        self.written += len(batch)
        self.written_bytes += sum(rows.size for rows in batch)

    def _remove(self, paths: set[str]) -> None:
        gone = sorted(paths)
        for start in range(0, len(gone), _BATCH_FILES):
            with self.database.write() as connection:
                self.removed += sum(remove(connection, path) for path in gone[start : start + _BATCH_FILES])

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
