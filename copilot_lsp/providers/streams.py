"""How a streamed answer is cut into JSON texts: server-sent events, or one per line."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from copilot_lsp.core.errors import ProviderError

_MOMENT = 0.1  # seconds


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


async def settle(rest: AsyncGenerator[bytes]) -> None:
    """Read on for a moment after the last part of an answer: a stream that was read to its end leaves its connection
    to the next request, and spares that the round trips of TLS. What comes or fails now does not matter."""
    with suppress(TimeoutError, ProviderError):
        async with asyncio.timeout(_MOMENT):
            async for _ in rest:
                pass
