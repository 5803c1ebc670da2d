"""Bring one file's rows up to date after a save or a file event: a job of a worker process that stays warm."""

import os
from collections.abc import Callable
from pathlib import Path

from copilot_lsp.core.errors import StoreDamaged, StoreError
from copilot_lsp.index.job import MIGRATIONS, SEPARATOR, Tally, Task, decode_task, failed
from copilot_lsp.index.rows import file_rows, known, remove, restamp, write
from copilot_lsp.index.source import NotIndexed, Source, read_source
from copilot_lsp.index.walk import Rules, is_indexed
from copilot_lsp.store.database import Database, open_database
from copilot_lsp.syntax import languages, queries

_TRIES = 3
# Grammars that are loaded ahead: about 50 ms each.
_WARM_LANGUAGES = 3


def update(payload: bytes, report: Callable[[bytes], None]) -> bytes:
    """Write the rows of the task's file, or remove them when it is gone or not to be indexed (any more).

    The answer is a tally, a separator and, when the file is indexed, its text.
    """
    task = decode_task(payload)
    rules = Rules.of(task.root, task.scope)
    try:
        source, tally = _update_once(task, rules)
        for _ in range(_TRIES):
            if source is None or _is_current(task, source):
                break
            source, tally = _update_once(task, rules)
    except StoreError as error:
        if isinstance(error, StoreDamaged):
            forget()
        return failed(error).encode() + SEPARATOR
    text = SEPARATOR + source.text.encode("utf-8", "replace") if source else b""
    return tally.encode() + SEPARATOR + text


def warm(payload: bytes, report: Callable[[bytes], None]) -> bytes:
    """Load ahead of the first update what it needs: the database and the workspace's most frequent grammars."""
    task = decode_task(payload)
    with _database(task.database).read() as connection:
        statement = "SELECT language FROM files WHERE language > '' GROUP BY language ORDER BY count(*) DESC LIMIT ?"
        frequent = [row[0] for row in connection.execute(statement, (_WARM_LANGUAGES,))]
    for language in frequent:
        if language in languages.available():
            queries.outline(languages.get(language))
    return b""


def _update_once(task: Task, rules: Rules) -> tuple[Source | None, Tally]:
    database = _database(task.database)
    with database.read() as connection:
        before = known(connection, task.path)
    try:
        if not is_indexed(rules, task.path):
            raise NotIndexed("ignored")
        source = read_source(task.root / task.path, task.scope.max_file_bytes)
    except NotIndexed as reason:
        with database.write() as connection:
            return None, Tally(removed=int(remove(connection, task.path)), skipped={str(reason): 1})
    if before.holds(source.digest):
        with database.write() as connection:
            restamp(connection, task.path, source.size, source.stamp)
        return source, Tally()
    rows = file_rows(task.path, source)
    with database.write() as connection:
        written = write(connection, [(rows, before)])
    return source, Tally(written=len(written), written_bytes=source.size)


def _is_current(task: Task, source: Source) -> bool:
    """Whether the index now holds what the file holds: both may have changed while we parsed."""
    with _database(task.database).read() as connection:
        stored = known(connection, task.path)
    try:
        about = os.stat(task.root / task.path)
    except OSError:
        return False
    return stored.holds(source.digest) and (about.st_size, about.st_mtime_ns) == (source.size, source.stamp)


# Kept open between jobs, because opening costs more than writing one file's rows.
_opened: dict[Path, Database] = {}


def _database(path: Path) -> Database:
    found = _opened.get(path)
    if found is None or found.moved:
        forget()
        found = _opened[path] = open_database(path, MIGRATIONS)
    return found


def forget() -> None:
    """Close what was kept open: a damaged file, one that was moved, or that of another workspace."""
    while _opened:
        _opened.popitem()[1].close()
