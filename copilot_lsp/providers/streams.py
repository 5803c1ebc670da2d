"""How a streamed answer is cut into JSON texts: server-sent events, or one per line."""

from collections.abc import AsyncGenerator
from contextlib import aclosing


async def events(lines: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """The data of each server-sent event. Comments, which servers send to keep a connection alive, and other fields
    are skipped; a last event without an empty line after it counts."""
    data: list[bytes] = []
    async with aclosing(lines):
        async for line in lines:
            if line.startswith(b"data:"):
                data.append(line[5:].removeprefix(b" "))
            elif not line and data:
                yield b"\n".join(data)
                data = []
    if data:
        yield b"\n".join(data)


async def rows(lines: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """The lines that are not empty (newline-delimited JSON)."""
    async with aclosing(lines):
        async for line in lines:
            if line.strip():
                yield line
