"""One connection to one client, from its first byte to its last."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from itertools import count as numbers
from typing import Any, cast

from lsprotocol import converters, types
from pygls.lsp.server import LanguageServer

from copilot_lsp import __version__
from copilot_lsp.features.commands import COMMANDS
from copilot_lsp.lsp import errors
from copilot_lsp.lsp.capabilities import capabilities
from copilot_lsp.lsp.channel import Channel
from copilot_lsp.lsp.client import client_of
from copilot_lsp.lsp.dispatch import Dispatch
from copilot_lsp.lsp.errors import Refused
from copilot_lsp.lsp.folders import Folders, folder_uris
from copilot_lsp.lsp.frames import BadStream, Frames
from copilot_lsp.lsp.protocol import Phase, Protocol
from copilot_lsp.lsp.runtime import Runtime
from copilot_lsp.lsp.session import Session, trace_of
from copilot_lsp.lsp.start import start
from copilot_lsp.telemetry.metrics import count

log = logging.getLogger(__name__)

# After this long in one go the loop gets a turn, however many messages came in one piece.
_SLICE = 0.004
_BREATH = 0.02
_numbers = numbers(1)


class Server(LanguageServer):
    """pygls's server object for one connection.

    `strict`: the first bytes that are not LSP end the session. `ending` is told the exit code when the end begins,
    before anything is closed.
    """

    def __init__(
        self,
        runtime: Runtime,
        channel: Channel,
        *,
        strict: bool = False,
        ending: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.runtime = runtime
        self.channel = channel
        self.session: Session | None = None
        self._ending = ending
        self._frames = Frames(strict=strict)
        self._ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        # pygls leaves its *args and **kwargs untyped.
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "copilot-lsp", __version__, protocol_cls=Protocol, converter_factory=_converter
        )
        self._messages = cast("Protocol", self.protocol)

    async def converse(self) -> int:
        """Serve the client until it leaves; the answer is the exit code that LSP asks for. Closes the channel."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._dispatch = Dispatch(tasks, _converter())
                tasks.create_task(self._listen(), name="listen")
                await asyncio.shield(self._ended)
                raise _Over  # the one way to make a task group cancel what runs in it
        except* _Over:
            pass
        finally:
            await self._leave()
        return self._ended.result()

    def end(self, code: int) -> None:
        """Let the session end; the first word counts."""
        if not self._ended.done():
            self._ended.set_result(code)
            self._ending(code)

    # What the protocol asks of its host.

    def on_initialize(self, params: Any) -> types.InitializeResult:
        """Begin the session. Raises Refused for parameters that are none."""
        if not isinstance(params, dict):
            raise Refused(errors.INVALID_PARAMS, "the parameters of initialize are no object")
        said = cast("Mapping[str, Any]", params)
        client, folders = client_of(said), Folders(folder_uris(said))
        self.session = Session(f"session-{next(_numbers)}", client, folders, self, self._dispatch.background)
        with suppress(ValueError):
            self.session.trace = trace_of(said.get("trace"))
        self.runtime.sessions[self.session.name] = self.session.about
        count("sessions_started_total")
        offered = capabilities(client, tuple(COMMANDS))
        return types.InitializeResult(offered, types.ServerInfo(self.name, self.version))

    def on_introduced(self) -> None:
        """The answer to `initialize` is on its way: start what it did not need."""
        assert self.session is not None
        self._dispatch.background(start(self.session, self), "start")

    def on_request(self, method: str, params: Any) -> asyncio.Task[object]:
        """Start a request of a session that is up. Raises Refused."""
        assert self.session is not None
        return self._dispatch.request(self.session, method, params)

    def on_notification(self, method: str, params: Any) -> None:
        """Take a notification of a session that is up."""
        assert self.session is not None
        if method == types.INITIALIZED:
            self.session.introduced.set()
        else:
            self._dispatch.notification(self.session, method, params)

    async def _listen(self) -> None:
        try:
            while data := await self.channel.read():
                await self._take(data)
                # A client that does not read its answers is not asked for more questions.
                await self.channel.drained()
        except BadStream as error:
            log.error("the session ends: %s", error)
            self.end(1)
        self.end(0 if self._messages.phase is Phase.SHUT_DOWN else 1)

    async def _take(self, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        turn = loop.time() + _SLICE
        for body in self._frames.feed(data):
            if self._messages.phase is Phase.OVER:
                return
            self._messages.receive(body)
            if loop.time() > turn or self._messages.crowded:
                await self._messages.breathe(_BREATH)
                turn = loop.time() + _SLICE

    async def _leave(self) -> None:
        if self.session is not None:
            self.runtime.sessions.pop(self.session.name, None)
            await self.session.close()
        # Last, because a client that waits for our end must find everything closed.
        await self.channel.close()


class _Over(Exception):
    """The session has ended."""


@cache
def _converter() -> Any:
    # Making one takes 30 ms and it holds nothing of a session: all connections share it.
    return converters.get_converter()
