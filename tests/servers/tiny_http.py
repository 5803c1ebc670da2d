"""As much of an HTTP server as tests need: the handler writes the bytes itself, faults included."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request. `body` is its JSON, or None."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Reply:
    """The way back. `gone` is set when the client has closed its end."""

    writer: asyncio.StreamWriter
    gone: asyncio.Event

    async def raw(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        """Begin an answer in chunks."""
        lines = [f"HTTP/1.1 {status} Status", f"content-type: {kind}", "transfer-encoding: chunked"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.raw("\r\n".join([*lines, "", ""]).encode())

    async def chunk(self, data: bytes) -> None:
        await self.raw(b"%x\r\n%s\r\n" % (len(data), data))

    async def end(self) -> None:
        await self.raw(b"0\r\n\r\n")

    async def json(self, value: object, status: int = 200, **headers: str) -> None:
        """A whole answer."""
        await self.head(status, **headers)
        await self.chunk(json.dumps(value).encode())
        await self.end()


Handler = Callable[[Asked, Reply], Awaitable[None]]


@dataclass
class Site:
    """A running server and what it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def serving(handler: Handler, port: int = 0) -> AsyncGenerator[Site]:
    """Serve until the block is left; connections still open are closed then."""
    site = Site("")
    open_now: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        open_now.add(task)
        site.connections += 1
        try:
            while (asked := await _read(reader)) is not None:
                site.asked.append(asked)
                site.arrived.set()
                await _answer(handler, asked, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            open_now.discard(task)
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", port)
    site.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield site
    finally:
        server.close()
        for task in tuple(open_now):
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)


async def _answer(handler: Handler, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Let the handler answer, watching whether the client goes away meanwhile (nobody here sends a request early)."""
    gone = asyncio.Event()

    async def watch() -> None:
        if not await reader.read(1):
            gone.set()

    watcher = asyncio.create_task(watch())
    try:
        await handler(asked, Reply(writer, gone))
    finally:
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)
    if gone.is_set():
        raise ConnectionResetError


async def _read(reader: asyncio.StreamReader) -> Asked | None:
    head = await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b""
    if not head:
        return None
    first, *rest = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest) if name}
    text = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, path, headers, json.loads(text) if text else None)
