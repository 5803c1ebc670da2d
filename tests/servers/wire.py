"""A TCP proxy that notes what the server sent and when the client closed each connection."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Wire:
    """`opened` counts connections; `closed` holds the moments (monotonic) at which the client closed one;
    `blocks` counts the pieces that the server sent."""

    url: str
    opened: int = 0
    blocks: int = 0
    closed: list[float] = field(default_factory=list)
    change: asyncio.Event = field(default_factory=asyncio.Event)

    def sent(self) -> None:
        self.blocks += 1
        self.change.set()

    async def streams(self, more: int) -> None:
        """Wait until the server has sent so many more pieces."""
        goal = self.blocks + more
        while self.blocks < goal:
            self.change.clear()
            await self.change.wait()

    async def closes(self, number: int = 1) -> float:
        """Wait until so many connections were closed by the client; the moment of the last."""
        while len(self.closed) < number:
            self.change.clear()
            await self.change.wait()
        return self.closed[number - 1]


@asynccontextmanager
async def tapped(port: int) -> AsyncGenerator[Wire]:
    """Pass everything on to a port of this machine."""
    wire = Wire("")
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        wire.opened += 1
        try:
            back, forth = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.close()
            return
        try:
            down = asyncio.create_task(_pass(back, writer, wire.sent))
            await _pass(reader, forth)
            wire.closed.append(time.monotonic())
            wire.change.set()
            down.cancel()
            await asyncio.gather(down, return_exceptions=True)
        finally:
            tasks.discard(task)
            forth.close()
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pass(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, note: Callable[[], None] = lambda: None
) -> None:
    try:
        while block := await reader.read(65536):
            note()
            writer.write(block)
            await writer.drain()
    except ConnectionError:
        pass
    writer.close()
