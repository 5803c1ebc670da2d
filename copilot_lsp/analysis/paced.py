"""Walk a document in steps that are short enough for the event loop, however slow the machine is."""

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

T = TypeVar("T")

# Seconds that one step aims at, so that the event loop gets a turn well before 5 ms are over.
STEP = 0.002
_LEAST, _FIRST, _LARGEST = 1_000, 8_000, 200_000


def paced(end: int, work: Callable[[int, int], T], *, limit: float) -> Iterator[T]:
    """The results of `work(start, stop)` for one stretch of bytes after the other, from 0 to `end`.

    Each stretch is as long as the time that the last one took allows. Ends early when all work together has taken
    `limit` seconds; what is done between two results does not count.
    """
    start, size = 0, _FIRST
    while start < end and limit > 0:
        stop = min(start + size, end)
        began = time.perf_counter()
        result = work(start, stop)
        taken = max(time.perf_counter() - began, 1e-6)
        limit -= taken
        start, size = stop, int(min(max(size * STEP / taken, _LEAST), 2 * size, _LARGEST))
        yield result
