"""Do what may follow the text of a file: count the names in it, give its pieces vectors. A job of a worker process."""

import time
from collections import Counter
from collections.abc import Callable, Sequence

from copilot_lsp.index.bulk import bulk
from copilot_lsp.index.embed import embed, quantised
from copilot_lsp.index.job import Tally, Task
from copilot_lsp.index.names import names_of, pack
from copilot_lsp.index.rows import BUILT_IN
from copilot_lsp.index.vectors import PieceText, Waiting, kept_weights, learn, store, text_of, texts, waiting
from copilot_lsp.store.connection import Connection
from copilot_lsp.store.database import Database

_REPORT_SECONDS = 0.5
_BATCH_FILES = 128
_BATCH_PIECES = 256
# When this share of the files waits for vectors, the weights of the words are learnt anew, from so many files.
_MANY, _LEARNT_FROM = 0.2, 400


def follow(payload: bytes, report: Callable[[bytes], None]) -> bytes:
    """Count the names of every file whose names are not counted, and give vectors of the built-in embedder to every
    file without, where the settings want vectors.

    Like `crawl` it goes on where a killed one was, and answers `busy` while another process does bulk work.
    """
    return bulk(payload, lambda task, database: _follow(task, database, report))


def _follow(task: Task, database: Database, report: Callable[[bytes], None]) -> Tally:
    began = told = time.monotonic()
    with database.read() as connection:
        uncounted = set(_uncounted(connection))
        unembedded = set(waiting(connection, BUILT_IN)) if task.scope.vectors else set[Waiting]()
        total = connection.execute("SELECT count(*) FROM files").fetchall()[0][0]
    if len(unembedded) > _MANY * total:
        _learn(task, database, sorted(unembedded))
    files = sorted(uncounted | unembedded)
    counted: list[tuple[Waiting, tuple[bytes, bytes]]] = []
    pieces: list[PieceText] = []
    size = 0
    for done, file in enumerate(files, 1):
        text = text_of(task.root, task.scope.max_file_bytes, file)
        if text is not None:
            size += len(text)
            if file in uncounted:
                counted.append((file, pack(Counter(names_of(text)))))
            if file in unembedded:
                pieces += texts(database, file, text)
        if len(counted) >= _BATCH_FILES or len(pieces) >= _BATCH_PIECES or done == len(files):
            _keep(database, counted)
            _embed(database, pieces)
            counted, pieces = [], []
        if time.monotonic() - told >= _REPORT_SECONDS:
            told = time.monotonic()
            report(Tally(done, len(files), size, seconds=told - began).encode())
    return Tally(len(files), len(files), size, seconds=time.monotonic() - began)


def _learn(task: Task, database: Database, files: Sequence[Waiting]) -> None:
    some = files[:: len(files) // _LEARNT_FROM + 1]
    read = [(file, text_of(task.root, task.scope.max_file_bytes, file)) for file in some]
    learn(database, [piece for file, text in read if text is not None for piece in texts(database, file, text)])


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


def _embed(database: Database, pieces: Sequence[PieceText]) -> None:
    if pieces:
        with database.read() as connection:
            weights = kept_weights(connection)
        store(database, BUILT_IN, pieces, quantised(embed([one.text for one in pieces], weights)))
