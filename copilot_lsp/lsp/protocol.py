"""pygls's protocol with the life cycle, the error codes and the bookkeeping that LSP asks for.

pygls gives the message types, the typed senders and the converter; what comes in goes through `receive` here. Its own
way in breaks five rules of the life cycle, answers neither broken JSON nor bad parameters, and keeps memory for every
notification; its document store and capabilities are not used at all.

Invariant: each request is answered exactly once. The request table is the only place that answers: it holds a request
from its arrival to its answer, and what is not in it cannot be answered.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from enum import Enum, auto
from itertools import count
from typing import Any, cast

from lsprotocol import types
from pygls.protocol import LanguageServerProtocol

from copilot_lsp.core.errors import Overloaded
from copilot_lsp.lsp import errors
from copilot_lsp.lsp.channel import Channel
from copilot_lsp.lsp.errors import Failure, Refused, failure_of
from copilot_lsp.lsp.frames import frame
from copilot_lsp.lsp.messages import response_type

log = logging.getLogger(__name__)

Id = int | str
# What a well-behaved client has open at once is a few dozen; beyond this it is flooding us.
_CROWD = 32
_RUNNING_LIMIT = 1024
_ASKED_LIMIT = 64
_ANSWER_SECONDS = 15.0
# Nobody acts on these, and there may be many: they are left out while the client does not read.
_EXPENDABLE = frozenset({types.PROGRESS, types.WINDOW_LOG_MESSAGE, types.LOG_TRACE, types.TELEMETRY_EVENT})


class Phase(Enum):
    """Where a session is in LSP's life cycle."""

    NEW = auto()
    UP = auto()
    SHUT_DOWN = auto()
    OVER = auto()


class Protocol(LanguageServerProtocol):
    """One connection's messages. `server` is a `copilot_lsp.lsp.server.Server`, whose `on_*` methods do the work."""

    def __init__(self, server: Any, converter: Any) -> None:
        super().__init__(server, converter)
        self._host = server
        self.channel: Channel = server.channel
        self.phase = Phase.NEW
        self._running: dict[Id, asyncio.Task[Any] | None] = {}
        self._settled = asyncio.Event()
        self._asked: dict[Id, asyncio.Future[Any]] = {}
        self._own_ids = count(1)

    def _register_builtin_features(self) -> None:
        """None: what comes in never reaches pygls's own handlers."""

    # What comes in.

    def receive(self, body: bytes) -> None:
        """Take one message. Never raises: whatever it is, it is answered, noted or dropped."""
        try:
            message = json.loads(body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            self._fail(None, Failure(errors.PARSE_ERROR, f"not JSON: {type(error).__name__}"))
            return
        if not isinstance(message, dict):
            what = "a batch" if isinstance(message, list) else "a bare value"
            self._fail(None, Failure(errors.INVALID_REQUEST, f"{what} is not a message of LSP"))
            return
        self._route(cast("dict[str, Any]", message))

    def _route(self, message: dict[str, Any]) -> None:
        number, method = message.get("id"), message.get("method")
        valid_id = isinstance(number, int | str) and not isinstance(number, bool)
        if "method" not in message and valid_id:
            self._take_answer(cast("Id", number), message)
        elif message.get("jsonrpc") != "2.0" or not isinstance(method, str) or ("id" in message and not valid_id):
            problem = "a message needs jsonrpc 2.0, a method, and an id that is a string or an integer"
            self._fail(cast("Id", number) if valid_id else None, Failure(errors.INVALID_REQUEST, problem))
        elif "id" in message:
            self._take_request(cast("Id", number), method, message.get("params"))
        else:
            self._take_notification(method, message.get("params"))

    def _take_request(self, number: Id, method: str, params: Any) -> None:
        if number in self._running:
            self._fail(number, Failure(errors.INVALID_REQUEST, f"the id {number!r} is in use by a running request"))
            return
        self._running[number] = None
        try:
            self._admit(method)
            task = self._begin(number, method, params)
        except Refused as refused:
            self._answer(number, failure=refused.failure)
            return
        except Exception as error:
            # Before a task exists there is no other guard, and a request must be answered whatever happens.
            log.exception("%s cannot be taken", method)
            self._answer(number, failure=failure_of(error))
            return
        if task is not None:
            self._running[number] = task
            task.add_done_callback(lambda done: self._settle(number, done))

    def _admit(self, method: str) -> None:
        """Raise Refused for a request that may not be made now."""
        if self.phase is Phase.NEW and method != types.INITIALIZE:
            raise Refused(errors.NOT_INITIALIZED, f"{method} before initialize")
        if self.phase is Phase.UP and method == types.INITIALIZE:
            raise Refused(errors.INVALID_REQUEST, "initialize a second time; the session goes on as it was")
        if self.phase in (Phase.SHUT_DOWN, Phase.OVER):
            raise Refused(errors.INVALID_REQUEST, f"{method} after shutdown")
        if len(self._running) > _RUNNING_LIMIT:
            raise Refused(errors.REQUEST_FAILED, f"{_RUNNING_LIMIT} requests are running already")

    def _begin(self, number: Id, method: str, params: Any) -> asyncio.Task[Any] | None:
        """Start a request; None when it is answered already."""
        if method == types.INITIALIZE:
            result = self._host.on_initialize(params)
            self.phase = Phase.UP
            self._answer(number, result=result)
            self._host.on_introduced()
            return None
        if method == types.SHUTDOWN:
            self.phase = Phase.SHUT_DOWN
            self.cancel_all()
            self._answer(number, result=None)
            return None
        return self._host.on_request(method, params)

    @property
    def crowded(self) -> bool:
        """Whether more requests are running than a client at work has open."""
        return len(self._running) > _CROWD

    async def breathe(self, seconds: float) -> None:
        """Let the loop do other work; while a crowd of requests is running, until one of them is done or time is up.

        A flood is taken in as fast as it is worked off, and what cancels it is still heard.
        """
        await asyncio.sleep(0)
        if self.crowded:
            self._settled.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._settled.wait()
            except TimeoutError:
                pass

    def _settle(self, number: Id, task: asyncio.Task[Any]) -> None:
        self._settled.set()
        try:
            outcome = task.result()
        except asyncio.CancelledError as error:
            superseded = error.args == (errors.SUPERSEDED,)
            code = errors.CONTENT_MODIFIED if superseded else errors.REQUEST_CANCELLED
            outcome = Failure(code, errors.SUPERSEDED if superseded else "cancelled")
        if isinstance(outcome, Failure):
            self._answer(number, failure=outcome)
        else:
            self._answer(number, result=outcome)

    def _take_notification(self, method: str, params: Any) -> None:
        if method == types.EXIT:
            code = 0 if self.phase is Phase.SHUT_DOWN else 1
            self.phase = Phase.OVER
            self._host.end(code)
        elif method == types.CANCEL_REQUEST:
            number: Any = cast("dict[str, Any]", params).get("id") if isinstance(params, dict) else None
            task = self._running.get(number) if isinstance(number, int | str) else None
            if task is not None:
                task.cancel()
        elif self.phase is Phase.UP:
            self._host.on_notification(method, params)

    def _take_answer(self, number: Id, message: Mapping[str, Any]) -> None:
        future = self._asked.pop(number, None)
        if future is None or future.done():
            log.debug("an answer to nothing that was asked")
        elif "error" in message:
            error: Any = message["error"]
            reason: Any = cast("dict[str, Any]", error).get("message") if isinstance(error, dict) else error
            future.set_exception(ClientRefused(str(reason)[:500]))
        else:
            future.set_result(message.get("result"))

    def cancel_all(self) -> None:
        """End every running request; each is answered as cancelled."""
        for task in list(self._running.values()):
            if task is not None:
                task.cancel()

    # What goes out.

    def notify(self, method: str, params: Any | None = None) -> None:
        """Send a notification, unless it is expendable and the client does not read."""
        # pygls's own logs the whole text of every message at level info, and looks its type up in a cache of the class
        # that keeps every closed session alive.
        if not (self.channel.clogged and method in _EXPENDABLE):
            self._send({"jsonrpc": "2.0", "method": method, "params": self._converter.unstructure(params)})

    def send_request_async(self, method: str, params: Any | None = None, msg_id: Id | None = None) -> Any:
        """Ask the client; to be awaited. The typed methods of pygls's server end here.

        Raises ClientRefused for an error, TimeoutError for silence, Overloaded when too many questions are open.
        """
        return self._ask(method, params, f"server-{next(self._own_ids)}" if msg_id is None else msg_id)

    async def _ask(self, method: str, params: Any, number: Id) -> Any:
        if len(self._asked) >= _ASKED_LIMIT:
            raise Overloaded(f"the client has left {_ASKED_LIMIT} questions unanswered; {method} was not asked")
        future = self._asked[number] = asyncio.get_running_loop().create_future()
        plain = self._converter.unstructure(params)
        try:
            self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": plain})
            async with asyncio.timeout(_ANSWER_SECONDS):
                result = await future
        except (TimeoutError, asyncio.CancelledError):
            self.notify(types.CANCEL_REQUEST, types.CancelParams(id=number))
            raise
        finally:
            self._asked.pop(number, None)
        return self._structured(method, result)

    def _structured(self, method: str, result: Any) -> Any:
        kind = response_type(method)
        if kind is None:
            return result
        try:
            return self._converter.structure({"jsonrpc": "2.0", "id": 0, "result": result}, kind).result
        except Exception as error:
            raise ClientRefused(f"the answer to {method} is not what LSP says") from error

    def _answer(self, number: Id, *, result: Any = None, failure: Failure | None = None) -> None:
        del self._running[number]
        if failure is not None:
            self._fail(number, failure)
            return
        try:
            self._send({"jsonrpc": "2.0", "id": number, "result": self._converter.unstructure(result)})
        except (TypeError, ValueError, AttributeError, RecursionError):
            log.exception("an answer cannot be written as JSON")
            self._fail(number, Failure(errors.INTERNAL_ERROR, "the answer cannot be written as JSON"))

    def _fail(self, number: Id | None, failure: Failure) -> None:
        self._send({"jsonrpc": "2.0", "id": number, "error": failure.body()})

    def _send(self, message: dict[str, Any]) -> None:
        self.channel.write(frame(json.dumps(message, separators=(",", ":")).encode()))


class ClientRefused(Exception):
    """The client answered a question of ours with an error, or with something that is no answer."""


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
