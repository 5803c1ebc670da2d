"""Bring a database to the newest schema, or refuse one that is newer."""

import re
from functools import cache
from importlib.resources import files

from copilot_lsp.core.errors import StoreTooNew
from copilot_lsp.store.connection import Connection

_NAME = re.compile(r"m(\d{3})_\w+\.sql")


def migrate(connection: Connection, package: str) -> None:
    """Run the scripts `m001_*.sql` ... of a package that the file has not seen, all in one transaction.

    The number of the last one is kept in `user_version`. Raises `StoreTooNew` without touching the file.
    """
    known = scripts(package)
    newest = max(known)
    if _check(connection, newest) == newest:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have migrated while we waited for the write lock.
        for number in range(_check(connection, newest) + 1, newest + 1):
            for _ in connection.execute(known[number]):
                pass
        connection.execute(f"PRAGMA user_version = {newest}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


@cache
def scripts(package: str) -> dict[int, str]:
    """The migrations of a package by number; they count from 1 without gaps."""
    found = {
        int(match[1]): entry.read_text("utf-8")
        for entry in files(package).iterdir()
        if (match := _NAME.fullmatch(entry.name))
    }
    if sorted(found) != list(range(1, len(found) + 1)) or not found:
        raise LookupError(f"{package} must hold m001_*.sql, m002_*.sql ... without gaps; it holds {sorted(found)}")
    return found


def _check(connection: Connection, newest: int) -> int:
    version = next(int(row[0]) for row in connection.execute("PRAGMA user_version"))
    if version > newest:
        raise StoreTooNew(
            f"{connection.filename} was written by a newer copilot-lsp (schema {version}, this one knows {newest}); "
            "upgrade, or move the file away to start anew"
        )
    return version
