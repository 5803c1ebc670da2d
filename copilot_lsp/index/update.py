"""Bring one file's rows up to date after a save or a file event: a job of a worker process that stays warm."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from copilot_lsp.core.errors import StoreDamaged, StoreError
from copilot_lsp.index.crawl import MIGRATIONS
from copilot_lsp.index.job import Tally, decode_task, failed
from copilot_lsp.index.rows import file_rows, remove, restamp, write
from copilot_lsp.index.source import NotIndexed, Source, read_source
from copilot_lsp.index.walk import Rules, is_indexed
from copilot_lsp.store.database import Database, open_database

# The answer is a tally, a zero byte and, when the file is indexed, its text.
SEPARATOR = b"\0"
_OPEN = 4


def update(payload: bytes, report: Callable[[bytes], None]) -> bytes:
    """Write the rows of the task's file, or remove them when it is gone or not to be indexed (any more)."""
    task = decode_task(payload)
    try:
        source = _read(task.root, task.path, Rules.of(task.root, task.settings))
    except NotIndexed as reason:
        source, skipped = None, {str(reason): 1}
    else:
        skipped = {}
    try:
        tally = _store(_database(task.database), task.path, source, skipped)
    except StoreError as error:
        if isinstance(error, StoreDamaged):
            _database.cache_clear()
        return failed(error).encode() + SEPARATOR
    text = source.text.encode("utf-8", "replace") if source else b""
    return tally.encode() + SEPARATOR + (SEPARATOR + text if source else b"")


def _read(root: Path, path: str, rules: Rules) -> Source:
    if not is_indexed(rules, path):
        raise NotIndexed("ignored")
    return read_source(root / path, rules.settings.max_file_bytes)


def _store(database: Database, path: str, source: Source | None, skipped: dict[str, int]) -> Tally:
    if source is None:
        with database.write() as connection:
            return Tally(removed=int(remove(connection, path)), skipped=skipped)
    with database.read() as connection:
        row = connection.execute("SELECT digest FROM files WHERE path = ?", (path,)).fetchone()
    if row and row[0] == source.digest:
        with database.write() as connection:
            restamp(connection, path, source.size, source.stamp)
        return Tally()
    rows = file_rows(path, source)
    with database.write() as connection:
        write(connection, rows)
    return Tally(written=1, written_bytes=source.size)


@lru_cache(maxsize=_OPEN)
def _database(path: Path) -> Database:
    """Kept open between jobs: opening costs more than writing one file's rows."""
    return open_database(path, MIGRATIONS)
