"""One bulk job at a time works on an index, whichever process it runs in."""

from collections.abc import Callable

from copilot_lsp.core.errors import StoreError
from copilot_lsp.index.job import MIGRATIONS, Tally, Task, decode_task, failed
from copilot_lsp.store.database import Database, open_database
from copilot_lsp.store.lock import try_lock


def bulk(payload: bytes, work: Callable[[Task, Database], Tally]) -> bytes:
    """The answer to a bulk job: the tally of its work, one that says `busy` while another process does bulk work on
    this index, or one that carries the store's error.
    """
    task = decode_task(payload)
    try:
        with try_lock(task.lock) as held:
            if not held:
                return Tally(busy=True).encode()
            database = open_database(task.database, MIGRATIONS)
            try:
                return work(task, database).encode()
            finally:
                database.close()
    except StoreError as error:
        return failed(error).encode()
