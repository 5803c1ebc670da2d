"""Is the editor that started this session still alive?"""

import asyncio
import logging
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psutil import Process

log = logging.getLogger(__name__)

_EVERY = 2.0


async def outlived(number: int) -> None:
    """Return when that process has ended, at the latest four seconds later. Never for one that was never seen.

    A client that speaks to us is alive: when its process cannot be seen, it runs in another container or on another
    machine, and nothing can be said about its end.
    """
    seen = _seen(number)
    # A closer look costs an import of 30 ms, which the first ghost text need not wait for.
    await asyncio.sleep(_EVERY)
    process = await asyncio.to_thread(_find, number)
    if process is None and not seen:
        log.info("process %d, which the client named as its own, cannot be seen from here", number)
        await asyncio.Event().wait()
    while process is not None and _alive(process):  # noqa: ASYNC110 - nothing tells us of the end of a process that is not our child
        await asyncio.sleep(_EVERY)


def _seen(number: int) -> bool:
    """Whether there is a process of that number now, as far as can be told without an import."""
    if sys.platform == "win32":
        return False  # there os.kill ends the process that it should ask about
    try:
        os.kill(number, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return number > 0


def _find(number: int) -> "Process | None":
    from psutil import Error, Process  # 15 ms that no answer to `initialize` has to wait for

    try:
        process = Process(number)
    except (Error, OverflowError):
        return None
    return process if _alive(process) else None


def _alive(process: "Process") -> bool:
    """A zombie is dead, and so is one whose number a newer process has taken."""
    from psutil import STATUS_ZOMBIE, AccessDenied, NoSuchProcess

    try:
        return process.is_running() and process.status() != STATUS_ZOMBIE
    except NoSuchProcess:
        return False
    except AccessDenied:
        return True
