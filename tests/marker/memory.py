"""An editor and a server in one process, with memory between them instead of pipes."""

import asyncio
from dataclasses import dataclass, field


@dataclass(slots=True)
class MemoryChannel:
    """The server's end: what the editor writes is queued here, what the server writes is fed to the editor's reader."""

    reader: asyncio.StreamReader
    queue: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue[bytes])
    clogged: bool = False

    async def read(self) -> bytes:
        return await self.queue.get()

    def write(self, data: bytes) -> None:
        self.reader.feed_data(data)

    async def drained(self) -> None:
        await asyncio.sleep(0)

    async def flushed(self) -> None:
        await asyncio.sleep(0)

    async def close(self) -> None:
        self.reader.feed_eof()


@dataclass(slots=True)
class MemoryWriter:
    """The editor's end of a channel, as far as an editor uses a StreamWriter."""

    channel: MemoryChannel

    def write(self, data: bytes) -> None:
        self.channel.queue.put_nowait(data)

    def close(self) -> None:
        self.channel.queue.put_nowait(b"")
