"""How the side port is opened and closed without the event loop noticing.

The HTTP server runs on a thread with a loop of its own, for three reasons: importing it takes a quarter of a second, a
slow scrape must not delay an editor, and it can still say so when the runtime's loop hangs.
"""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from copilot_lsp import __version__
from copilot_lsp.side import discovery
from copilot_lsp.side.settings import SideSettings
from copilot_lsp.side.status import StatusProvider
from copilot_lsp.telemetry.memory import Memory

if TYPE_CHECKING:
    from starlette.types import ASGIApp

log = logging.getLogger(__name__)
_PATIENCE_AT_EXIT = 2.0


@dataclass(frozen=True, slots=True)
class SidePort:
    """An open side port. `close` may be called from any loop or none."""

    server: discovery.Server
    _stop: Callable[[], None]
    _thread: Thread
    _file: Path | None

    @property
    def url(self) -> str:
        return self.server.url

    def close(self) -> None:
        """Stop answering and withdraw the announcement; takes some tenths of a second at most."""
        self._stop()
        if self._file is not None:
            self._file.unlink(missing_ok=True)
        self._thread.join(_PATIENCE_AT_EXIT)


async def open_side(
    settings: SideSettings, provider: StatusProvider, memory: Memory, *, folder: Path
) -> SidePort | None:
    """Open the side port beside the running loop, and announce it; None when it is off or no port can be had."""
    if not settings.enabled:
        return None
    loop, handover = asyncio.get_running_loop(), _Handover()
    try:
        return await asyncio.to_thread(_open, settings.port, lambda: _app(provider, memory, loop), folder, handover)
    except asyncio.CancelledError:
        # The thread goes on, or has just ended: nobody else would close what it opens.
        opened = handover.give_up()
        if opened is not None:
            loop.run_in_executor(None, opened.close)
        raise


@dataclass(slots=True)
class _Handover:
    """Between the thread that opens a port and whoever waits for it but may give up: exactly one of both closes it."""

    _lock: Lock = field(default_factory=Lock)
    _unwanted: bool = False
    _opened: SidePort | None = None

    def give(self, opened: SidePort) -> SidePort | None:
        """The port, or None when nobody waits for it any more; then it is closed."""
        with self._lock:
            self._opened = opened
            if not self._unwanted:
                return opened
        opened.close()
        return None

    def give_up(self) -> SidePort | None:
        """The port if it was given already: then it is for the caller to close."""
        with self._lock:
            self._unwanted = True
            return self._opened


def _app(provider: StatusProvider, memory: Memory, loop: asyncio.AbstractEventLoop) -> "ASGIApp":
    from copilot_lsp.side.routes import Site

    return Site(provider, memory, loop).app()


def _open(port: int, app: Callable[[], "ASGIApp"], folder: Path, handover: _Handover) -> SidePort | None:
    listener = _listen(port)
    if listener is None:
        return None
    import uvicorn

    config = uvicorn.Config(
        app(),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=64,
        timeout_graceful_shutdown=1,
    )
    http = uvicorn.Server(config)
    thread = Thread(target=http.run, args=([listener],), name="side-port", daemon=True)
    thread.start()

    def stop() -> None:
        http.should_exit = True

    server = discovery.Server(os.getpid(), listener.getsockname()[1], __version__, time.time())
    log.info("Metrics and status are at %s/status", server.url)
    return handover.give(SidePort(server, stop, thread, _announced(server, folder)))


def _listen(port: int) -> socket.socket | None:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    for wanted in dict.fromkeys((port, 0)):
        try:
            listener.bind(("127.0.0.1", wanted))
            listener.listen(64)
            listener.setblocking(False)
            return listener
        except OSError as error:
            log.warning("The side port cannot listen on port %d: %s", wanted, error.strerror or error)
    listener.close()
    return None


def _announced(server: discovery.Server, folder: Path) -> Path | None:
    try:
        return discovery.announce(server, folder)
    except OSError as error:
        log.warning("Other programs cannot find the side port, its file cannot be written: %s", error)
        return None
