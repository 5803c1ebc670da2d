"""A lock between processes that the death of its holder releases."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from copilot_lsp.core.errors import StoreReadOnly


@contextmanager
def try_lock(path: Path) -> Generator[bool, None, None]:
    """Hold the advisory lock on the file at `path`, if nobody else does; yields whether it is held.

    The file stays: removing it would let two processes lock two files of one name. Raises `StoreReadOnly` where it
    cannot be made.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreReadOnly(f"{path} cannot be written: {error.strerror}") from error
    try:
        yield _lock(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
