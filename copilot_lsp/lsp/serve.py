"""Many sessions over one runtime: listen on a Unix socket or on loopback, give each connection a session of its own."""

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from copilot_lsp.core.errors import SettingsError
from copilot_lsp.lsp.ending import end_on_signals, insist
from copilot_lsp.lsp.runtime import Runtime
from copilot_lsp.lsp.server import Server

log = logging.getLogger(__name__)

Address = Path | tuple[str, int]
_CHUNK = 1 << 16
_CLOGGED = 1 << 20
_FLUSH_SECONDS = 0.5
_CLOSE_SECONDS = 1.0
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class StreamChannel:
    """The channel over one socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        writer.transport.set_write_buffer_limits(_CLOGGED)

    @property
    def clogged(self) -> bool:
        return self._writer.transport.get_write_buffer_size() > _CLOGGED

    async def read(self) -> bytes:
        try:
            return await self._reader.read(_CHUNK)
        except ConnectionError:
            return b""

    def write(self, data: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(data)

    async def drained(self) -> None:
        with suppress(ConnectionError):
            await self._writer.drain()

    async def flushed(self) -> None:
        transport = self._writer.transport
        transport.set_write_buffer_limits(0)
        await self.drained()
        transport.set_write_buffer_limits(_CLOGGED)

    async def close(self) -> None:
        self._writer.close()
        try:
            async with asyncio.timeout(_FLUSH_SECONDS):
                await self._writer.wait_closed()
        except (TimeoutError, ConnectionError):
            self._writer.transport.abort()


async def serve(runtime: Runtime, address: Address, listening: Callable[[Address], None] = lambda _: None) -> int:
    """Serve every client that connects until a signal ends the process; the answer is the exit code.

    `listening` is told where, with the port that was found for port 0. Raises SettingsError for an address that cannot
    be listened on, or that others than this machine could reach.
    """
    over: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def end(code: int) -> None:
        if not over.done():
            over.set_result(code)
            insist(code)

    end_on_signals(end)
    sessions = asyncio.TaskGroup()

    # A plain function, because asyncio would own the task of a coroutine function, and nobody would end it.
    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sessions.create_task(_converse(runtime, StreamChannel(reader, writer)))

    # Outside of the group and of what clears up: an address that cannot be had may be another server's.
    listener, found = await _listen(address, connected)
    try:
        async with sessions:
            await listener.start_serving()
            log.info("serving editors at %s", found)
            listening(found)
            # The first editor need not wait for what can be made before it comes.
            sessions.create_task(_warm(runtime))
            try:
                await asyncio.shield(over)
            finally:
                listener.close()
            raise _Over  # the one way to make a task group cancel what runs in it
    except* _Over:
        pass
    finally:
        _clear(address)
    with suppress(TimeoutError):
        async with asyncio.timeout(_CLOSE_SECONDS):
            await runtime.close()
    return over.result()


async def _warm(runtime: Runtime) -> None:
    try:
        await runtime.services()
    except Exception:  # each session that needs them will say so
        log.exception("the services cannot be started yet")


async def _converse(runtime: Runtime, channel: StreamChannel) -> None:
    # Invariant: one session's fault never touches another.
    try:
        await Server(runtime, channel, strict=True).converse()
    except Exception:
        log.exception("a session failed")


async def _listen(
    address: Address, connected: Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]
) -> tuple[asyncio.Server, Address]:
    try:
        if isinstance(address, Path):
            await _make_way(address)
            listener = await asyncio.start_unix_server(connected, address, start_serving=False)
            os.chmod(address, 0o600)
            return listener, address
        host, port = address
        if host not in _LOOPBACK:
            raise SettingsError(f"{host} can be reached from other machines; serve on 127.0.0.1 or on a socket")
        listener = await asyncio.start_server(connected, host, port, start_serving=False)
        return listener, (host, listener.sockets[0].getsockname()[1])
    except OSError as error:
        raise SettingsError(f"cannot listen on {address}: {error.strerror or error}") from error


async def _make_way(path: Path) -> None:
    """Remove a socket that a server left behind. Raises OSError when one still listens there."""
    try:
        _, writer = await asyncio.open_unix_connection(path)
    except OSError:
        _clear(path)
        return
    writer.close()
    raise OSError("another server listens there")


def _clear(address: Address) -> None:
    """Remove a socket's file; nothing else is ever removed."""
    if isinstance(address, Path) and address.is_socket():
        address.unlink()


class _Over(Exception):
    """The process is to end."""
