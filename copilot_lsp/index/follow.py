"""Do what may follow the text of a file: count the names in it. A job of a worker process."""

import time
from collections import Counter
from collections.abc import Callable, Sequence

from copilot_lsp.index.bulk import bulk
from copilot_lsp.index.job import Tally, Task
from copilot_lsp.index.names import names_of, pack
from copilot_lsp.index.vectors import Waiting, text_of
from copilot_lsp.store.connection import Connection
from copilot_lsp.store.database import Database

_REPORT_SECONDS = 0.5
_BATCH_FILES = 128


def follow(payload: bytes, report: Callable[[bytes], None]) -> bytes:
    """Count the names of every file whose names are not counted.

    Like `crawl` it goes on where a killed one was, and answers `busy` while another process does bulk work.
    """
    return bulk(payload, lambda task, database: _follow(task, database, report))


def _follow(task: Task, database: Database, report: Callable[[bytes], None]) -> Tally:
    began = told = time.monotonic()
    with database.read() as connection:
        files = sorted(_uncounted(connection))
    counted: list[tuple[Waiting, tuple[bytes, bytes]]] = []
    size = 0
    for done, file in enumerate(files, 1):
        text = text_of(task.root, task.scope.max_file_bytes, file)
        if text is not None:
            size += len(text)
            counted.append((file, pack(Counter(names_of(text)))))
        if len(counted) >= _BATCH_FILES or done == len(files):
            _keep(database, counted)
            counted = []
        if time.monotonic() - told >= _REPORT_SECONDS:
            told = time.monotonic()
            report(Tally(done, len(files), size, seconds=told - began).encode())
    return Tally(len(files), len(files), size, seconds=time.monotonic() - began)


def _uncounted(connection: Connection) -> list[Waiting]:
    statement = "SELECT id, path, digest FROM files WHERE id NOT IN (SELECT file FROM names)"
    return [Waiting(*row) for row in connection.execute(statement)]


def _keep(database: Database, counted: Sequence[tuple[Waiting, tuple[bytes, bytes]]]) -> None:
    """Write the counts, except those of files whose rows were replaced in the meantime."""
    with database.write() as connection:
        for file, packed in counted:
            connection.execute(
                "INSERT OR REPLACE INTO names SELECT id, ?, ? FROM files WHERE id = ? AND digest = ?",
                (*packed, file.file, file.digest),
            )
