"""How does this process end when it is told to, and what if something does not let it?"""

import asyncio
import os
import threading
from collections.abc import Callable
from signal import SIGINT, SIGTERM, Signals, signal

# What a person waits before he kills a process; everything worth saving is saved in a fraction of it.
_EXIT_SECONDS = 1.8


def end_on_signals(end: Callable[[int], object]) -> None:
    """Have SIGTERM, SIGINT and SIGHUP call `end` on the loop, with the code that a shell gives for such an end."""
    loop = asyncio.get_running_loop()
    for one in (SIGTERM, SIGINT, getattr(Signals, "SIGHUP", None)):
        if one is None:
            continue
        try:
            loop.add_signal_handler(one, end, 128 + one)
        except NotImplementedError:  # Windows
            signal(one, lambda number, _: loop.call_soon_threadsafe(end, 128 + number))


def insist(code: int) -> None:
    """Make sure that the process ends soon, whatever a thread, a disk or a model server is stuck in."""
    last = threading.Timer(_EXIT_SECONDS, os._exit, (code,))
    last.daemon = True
    last.start()
