"""One session over standard input and output, which ends with the process.

Two threads do nothing but read and write, because that works for pipes, sockets, files and terminals on every system.
They use the file descriptors themselves: a thread that is stuck in one must not keep the interpreter from ending.
"""

import asyncio
import logging
import os
import sys
import threading
from collections import deque
from queue import SimpleQueue
from typing import Any

from copilot_lsp.lsp.ending import end_on_signals, insist
from copilot_lsp.lsp.runtime import Runtime
from copilot_lsp.lsp.server import Server

log = logging.getLogger(__name__)

_CHUNK = 1 << 16
# Chunks that were read and not yet taken; with the pipe itself that is what a client can be ahead of us.
_AHEAD = 16
# Answers are small: a client that leaves this much unread does not read.
_CLOGGED = 1 << 20
_FLUSH_SECONDS = 0.5
_CLOSE_SECONDS = 1.0


class StdioChannel:
    """The channel over a pair of file descriptors."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._incoming, self._outgoing = incoming, outgoing
        self._chunks: deque[bytes] = deque()
        self._arrived = asyncio.Event()
        self._credit = threading.Semaphore(_AHEAD)
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._unsent = 0
        self._moved = asyncio.Event()
        self._finished = False
        self._gone = False
        for work in (self._read, self._write):
            threading.Thread(target=work, name=f"stdio{work.__name__}", daemon=True).start()

    @property
    def clogged(self) -> bool:
        return self._unsent > _CLOGGED

    async def read(self) -> bytes:
        while not self._chunks:
            if self._gone:
                return b""
            self._arrived.clear()
            await self._arrived.wait()
        self._credit.release()
        return self._chunks.popleft()

    def write(self, data: bytes) -> None:
        if not self._gone:
            self._unsent += len(data)
            self._queue.put(data)

    async def drained(self) -> None:
        # A client that has closed its side is heard at once, even if it left answers unread.
        while self.clogged and not self._gone and not self._finished:
            self._moved.clear()
            await self._moved.wait()

    async def flushed(self) -> None:
        while self._unsent and not self._gone:
            self._moved.clear()
            await self._moved.wait()

    async def close(self) -> None:
        try:
            async with asyncio.timeout(_FLUSH_SECONDS):
                await self.flushed()
        except TimeoutError:
            log.warning("the client did not read %d bytes", self._unsent)
        self._gone = True
        self._queue.put(None)

    # On the threads: nothing of the loop is touched but through `_call`.

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._incoming, _CHUNK)
            except OSError:
                data = b""
            self._credit.acquire()
            self._call(self._received, data)
            if not data:
                return

    def _write(self) -> None:
        while (data := self._queue.get()) is not None:
            try:
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(self._outgoing, rest) :]
            except OSError:
                self._call(self._lost)
                return
            self._call(self._sent, len(data))

    def _call(self, function: Any, *arguments: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *arguments)
        except RuntimeError:
            pass  # The loop has ended, and with it whoever would want to know.

    # On the loop again.

    def _received(self, data: bytes) -> None:
        self._chunks.append(data)
        self._finished = not data
        self._arrived.set()
        self._moved.set()

    def _sent(self, count: int) -> None:
        self._unsent -= count
        self._moved.set()

    def _lost(self) -> None:
        self._gone = True
        self._arrived.set()
        self._moved.set()


async def stdio(runtime: Runtime) -> int:
    """Serve the one client that started this process until it leaves; the answer is the exit code.

    From here on standard output belongs to the protocol: what anything else prints goes to standard error.
    """
    channel = StdioChannel(*_claim())
    server = Server(runtime, channel, ending=insist)
    end_on_signals(server.end)
    code = await server.converse()
    try:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await runtime.close()
    except TimeoutError:
        log.warning("not everything could be closed in time")
    return code


def _claim() -> tuple[int, int]:
    """Take standard input and output away from everybody else in this process and its children."""
    incoming, outgoing = os.dup(0), os.dup(1)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    if sys.platform == "win32":
        import msvcrt

        for descriptor in (incoming, outgoing):
            msvcrt.setmode(descriptor, os.O_BINARY)
    else:
        # Some parents hand over pipes that do not block, which a thread would read in circles.
        for descriptor in (incoming, outgoing):
            os.set_blocking(descriptor, True)
    return incoming, outgoing
