"""One way to open, read and write a SQLite file that several processes share."""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import apsw

from copilot_lsp.core.errors import StoreDamaged, StoreError, StoreReadOnly
from copilot_lsp.store.connection import Connection
from copilot_lsp.store.lock import try_lock
from copilot_lsp.store.migrate import migrate

_LOG = logging.getLogger(__name__)

# A write transaction of ours takes milliseconds; whoever waits longer than this waits for something that hangs.
BUSY_MILLISECONDS = 10_000
_CACHE_KIB = 8_192
_JOURNAL_BYTES = 16 << 20


class Database:
    """A SQLite file in WAL mode: one writing connection, and as many reading ones as are used at the same time.

    `notice` is a sentence for the user when a damaged file was moved aside at opening, else empty. All errors are
    raised as `StoreError` or one of its subclasses.
    """

    def __init__(self, path: Path, writer: Connection, notice: str) -> None:
        self.path = path
        self.notice = notice
        self._writer = writer
        self._identity = _identity(path)
        self._writing = threading.Lock()
        # Not one for each thread: connections take about 100 kB, and a pool of threads takes turns.
        self._idle: list[Connection] = []
        self._closed = False

    @property
    def moved(self) -> bool:
        """Whether the path leads to another file by now: someone moved this one aside, or deleted it."""
        return _identity(self.path) != self._identity

    @contextmanager
    def write(self) -> Generator[Connection, None, None]:
        """One transaction that others see wholly or not at all. Keep it short: everyone else's writes wait."""
        with self._writing, translated(self.path):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                # SQLite has rolled back by itself after some errors, a full disk among them.
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Generator[Connection, None, None]:
        """A connection for reading that nobody else has until the end of the block; read its rows within that.

        Each statement sees what is committed when it begins.
        """
        if self._closed:
            raise StoreError(f"{self.path} was closed")
        with translated(self.path):
            # Taking one from a list and giving it back are safe between threads.
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = _connect(self.path)
                connection.execute("PRAGMA query_only = ON")
            try:
                yield connection
            finally:
                self._idle.append(connection)
                if self._closed:
                    self._close_idle()

    def close(self) -> None:
        """Close all connections; the last process to do so folds the journal into the file.

        What a thread is reading just now is closed when it is done.
        """
        self._closed = True
        with self._writing:
            self._close_idle()
            with contextlib.suppress(apsw.Error):
                self._writer.close()

    def _close_idle(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                connection = self._idle.pop()
                with contextlib.suppress(apsw.Error):
                    connection.close()


def open_database(path: Path, migrations: str) -> Database:
    """Open or create the file at `path` with the schema of a package of `m001_*.sql` scripts.

    A file that is damaged is moved aside and replaced by an empty one. Raises `StoreTooNew` for a newer schema (the
    file is untouched), `StoreReadOnly` where nothing can be written, `StoreError` for the rest.
    """
    try:
        return _open(path, migrations)
    except StoreDamaged:
        return replace_damaged(path, migrations)


def replace_damaged(path: Path, migrations: str) -> Database:
    """Move a damaged file aside and open an empty one; when another process was quicker, open what it made."""
    with _locked(path.with_name(path.name + ".repair")):
        with contextlib.suppress(StoreDamaged):
            database = _open(path, migrations)
            if _is_sound(database):
                return database
            database.close()
        aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
        try:
            for suffix in ("-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            os.replace(path, aside)
        except OSError as error:
            raise StoreReadOnly(f"{path} is damaged and cannot be moved aside: {error.strerror}") from error
        notice = f"{path} was damaged; it is kept as {aside.name} and a new one is built"
        _LOG.warning(notice)
        database = _open(path, migrations)
        database.notice = notice
        return database


def _identity(path: Path) -> int:
    """What tells the file at a path from one that takes its place; 0 when there is none."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def _open(path: Path, migrations: str) -> Database:
    _create(path)
    with translated(path):
        writer = _connect(path)
        try:
            writer.execute("PRAGMA journal_mode = WAL")
            migrate(writer, migrations)
        except BaseException:
            writer.close()
            raise
        return Database(path, writer, "")


def _create(path: Path) -> None:
    try:
        for folder in reversed([one for one in (path.parent, *path.parent.parents) if not one.exists()]):
            folder.mkdir(mode=0o700, exist_ok=True)
        # SQLite gives the journal files the mode of the database, which must therefore be private from the start.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreReadOnly(f"{path} cannot be written: {error.strerror}") from error


def _connect(path: Path) -> Connection:
    raw = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    raw.set_busy_timeout(BUSY_MILLISECONDS)
    connection = cast("Connection", raw)
    for pragma in (
        "synchronous = NORMAL",
        "temp_store = MEMORY",
        "trusted_schema = OFF",
        f"cache_size = -{_CACHE_KIB}",
        f"journal_size_limit = {_JOURNAL_BYTES}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _is_sound(database: Database) -> bool:
    with database.read() as connection:
        return [row[0] for row in connection.execute("PRAGMA quick_check(1)")] == ["ok"]


@contextmanager
def _locked(path: Path) -> Generator[None, None, None]:
    end = time.monotonic() + BUSY_MILLISECONDS / 1000
    while time.monotonic() < end:
        with try_lock(path) as held:
            if held:
                yield
                return
        time.sleep(0.05)
    raise StoreError(f"another process holds {path} and does not let go; end it, or remove the folder")


@contextmanager
def translated(path: Path) -> Generator[None, None, None]:
    """Raise what SQLite and the system say about a file as errors that a caller can act on."""
    try:
        yield
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise StoreDamaged(f"{path} is damaged: {error}") from error
    except apsw.FullError as error:
        raise StoreReadOnly(f"the disk is full: {path} is read but not written; free some space") from error
    except (apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError, apsw.IOError) as error:
        raise StoreReadOnly(f"{path} cannot be written: {error}") from error
    except apsw.Error as error:
        raise StoreError(f"{path}: {error}") from error
