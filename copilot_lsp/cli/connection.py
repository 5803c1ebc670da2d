"""Hold a conversation with a language server: ask, tell, answer what it asks, and remember every message."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from copilot_lsp.cli.wire import Message, frame, read
from copilot_lsp.core.errors import CopilotLspError


class ServerError(CopilotLspError):
    """The server answered a request with an error."""

    def __init__(self, method: str, error: dict[str, Any]) -> None:
        super().__init__(f"{method}: {error.get('message')} ({error.get('code')})")
        self.code: int = error["code"]


class ServerGone(CopilotLspError):
    """The server closed the connection or ended before it answered."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the conversation: when it passed (monotonic seconds), which way it went, and what it said."""

    at: float
    sent: bool
    message: Message


@dataclass(slots=True)
class Connection:
    """One end of a conversation, from `reader` and to `writer`; whoever made it runs `listen` beside it.

    `answers` maps each method that the server may request to a function from its parameters to the result.
    """

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    answers: dict[str, Callable[[Any], Any]] = field(default_factory=dict[str, Callable[[Any], Any]])
    log: list[Entry] = field(default_factory=list[Entry])
    gone: bool = False
    _pending: dict[int, asyncio.Future[Any]] = field(default_factory=dict[int, "asyncio.Future[Any]"])
    _heard: asyncio.Event = field(default_factory=asyncio.Event)
    _last_id: int = 0

    async def request(self, method: str, params: Any, within: float = 30.0) -> Any:
        """Ask and wait for the result. Raises ServerError, ServerGone, or TimeoutError after `within` seconds."""
        number = self.ask(method, params)
        return await self.answer(number, method, within)

    def ask(self, method: str, params: Any) -> int:
        """Send a request without waiting; the answer is its id, for `answer` and `cancel`."""
        self._last_id += 1
        self._pending[self._last_id] = asyncio.get_running_loop().create_future()
        self.send({"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params})
        return self._last_id

    async def answer(self, number: int, method: str = "request", within: float = 30.0) -> Any:
        """Wait for the answer to an earlier `ask`."""
        if self.gone and not self._pending[number].done():
            raise ServerGone(f"the server has ended; it cannot answer {method}")
        try:
            async with asyncio.timeout(within):
                reply: Message = await self._pending[number]
        finally:
            self._pending.pop(number, None)
        if "error" in reply:
            raise ServerError(method, reply["error"])
        return reply.get("result")

    def cancel(self, number: int) -> None:
        self.notify("$/cancelRequest", {"id": number})

    def notify(self, method: str, params: Any) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def send(self, message: Message) -> None:
        """Put any message on the wire, also one that no well-behaved client would send."""
        self.log.append(Entry(time.monotonic(), True, message))
        self.writer.write(frame(message))

    def heard(self, method: str, since: int = 0) -> list[Any]:
        """The parameters of every notification and request of a method that came from the server, oldest first."""
        return [
            entry.message.get("params")
            for entry in self.log[since:]
            if not entry.sent and entry.message.get("method") == method
        ]

    async def hear(
        self, method: str, where: Callable[[Any], bool] = lambda _: True, *, since: int = 0, within: float = 30.0
    ) -> Any:
        """Wait for a message of a method whose parameters satisfy `where`; one that has come already counts."""
        async with asyncio.timeout(within):
            while True:
                self._heard.clear()
                for params in self.heard(method, since):
                    if where(params):
                        return params
                since = len(self.log)
                if self.gone:
                    raise ServerGone(f"the server ended before it sent {method}")
                await self._heard.wait()

    async def listen(self) -> None:
        """Take the server's messages until it hangs up. Whoever made the editor runs this beside it."""
        try:
            while (message := await read(self.reader)) is not None:
                self.log.append(Entry(time.monotonic(), False, message))
                self._take(message)
                self._heard.set()
        except ConnectionError:
            pass  # A killed server resets the connection: the same end as a clean one, for whoever waits.
        finally:
            self.gone = True
            self._heard.set()
            for number, future in self._pending.items():
                if not future.done():
                    future.set_exception(ServerGone(f"the server ended before it answered request {number}"))
                    future.exception()  # Whoever waits gets it; where nobody does, it is no news.

    def _take(self, message: Message) -> None:
        if "method" not in message:
            future = self._pending.get(message.get("id", 0))
            if future is not None and not future.done():
                future.set_result(message)
        elif "id" in message:
            self.send({"jsonrpc": "2.0", "id": message["id"], **self._reply(message["method"], message.get("params"))})

    def _reply(self, method: str, params: Any) -> Message:
        if method not in self.answers:
            return {"error": {"code": -32601, "message": f"this editor does not know {method}"}}
        return {"result": self.answers[method](params)}
