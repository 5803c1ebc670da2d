"""Who does a slice of longer work between two turns of the event loop?"""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

# Whoever gives way does so no longer than this before each slice: a tree is late, but it comes.
_LONGEST = 0.03


@dataclass(slots=True)
class _Turns:
    """Of one event loop: the lock that one slice at a time is done under, how many are ahead, and whether nobody is."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    ahead: int = 0
    free: asyncio.Event = field(default_factory=asyncio.Event)


_all: WeakKeyDictionary[asyncio.AbstractEventLoop, _Turns] = WeakKeyDictionary()


def turn() -> asyncio.Lock:
    """Held by whoever does a slice of longer work, as a parse, until the event loop has run: whatever it is for, twenty
    documents, or a parse and a search, do not add up to as many slices between two turns of the loop.
    """
    return _turns().lock


@contextmanager
def ahead() -> Generator[None]:
    """What somebody waits for with a finger on the key: those who `give_way` do so meanwhile."""
    turns = _turns()
    turns.ahead += 1
    turns.free.clear()
    try:
        yield
    finally:
        turns.ahead -= 1
        if not turns.ahead:
            turns.free.set()


async def give_way() -> None:
    """Wait until nobody is ahead, but not for long."""
    turns = _turns()
    if turns.ahead:
        with suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST):
                await turns.free.wait()


def _turns() -> _Turns:
    return _all.setdefault(asyncio.get_running_loop(), _Turns())
