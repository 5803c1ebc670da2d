"""Run handlers: find them, time them, bound them, cancel them, and turn whatever they do into one answer.

Everything that a session does runs in its task group, which ends with it: a request as a task that `protocol` answers
when it is done, background work as a task that nobody answers. Invariant: no exception leaves a task here.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine, Mapping
from functools import cache
from typing import Any, cast

from copilot_lsp.core import registry
from copilot_lsp.core.document import Document
from copilot_lsp.core.errors import DeadlineExceeded, Overloaded, Superseded
from copilot_lsp.lsp import errors
from copilot_lsp.lsp.errors import SUPERSEDED, Failure, Refused, failure_of
from copilot_lsp.lsp.handler import Call, Notification, Request
from copilot_lsp.lsp.messages import params_type
from copilot_lsp.lsp.session import Session
from copilot_lsp.telemetry.metrics import count, observe
from copilot_lsp.telemetry.span import span

log = logging.getLogger(__name__)

_OUTCOMES = {errors.CONTENT_MODIFIED: "superseded", errors.SERVER_CANCELLED: "superseded"}


@cache
def handled() -> dict[str, str]:
    """For each method that a handler answers, the handler's name."""
    return registry.methods("handler")


def load(method: str) -> Request[Any] | Notification | None:
    """The handler of a method, imported at first use; None when there is none."""
    name = handled().get(method)
    return None if name is None else cast("Request[Any] | Notification", registry.load("handler", name))


def load_all() -> None:
    """Import every handler, so that no keystroke has to: call it in a thread."""
    for name in registry.names("handler"):
        registry.load("handler", name)


class Dispatch:
    """Runs the handlers of one session in its task group."""

    def __init__(self, tasks: asyncio.TaskGroup, converter: Any) -> None:
        self._tasks = tasks
        self._converter = converter
        self._refused: set[str] = set()
        self._newest: dict[tuple[str, str], asyncio.Task[object]] = {}

    def request(self, session: Session, method: str, raw: Any) -> asyncio.Task[object]:
        """Start to answer a request; the task's result is the answer or a Failure. Raises Refused."""
        if method not in handled():
            raise Refused(errors.METHOD_NOT_FOUND, f"{method} is not answered here")
        params = self._structured(method, raw)
        uri = _subject(cast("dict[str, Any]", raw))
        document = None if uri is None else session.document(uri)
        # Invariant: the view is of this moment, before any await; only a session that has no services yet takes it
        # later, and then the document must still be the one that the request is about.
        taken = session.picture(document) if session.ready else None

        async def work(request: Request[Any]) -> object:
            services = await session.services()
            picture = taken or session.picture(document and _unchanged(session, document))
            return await request.run(Call(params, raw, *picture, services, session))

        task = self._tasks.create_task(self._guarded(session, method, work), name=method)
        if taken is not None and uri is not None:
            self._supersede(method, uri, task)
        return task

    def _supersede(self, method: str, uri: str, task: asyncio.Task[object]) -> None:
        """End an older request that this one takes the place of. A burst of them costs the work of one."""
        request = registry.loaded("handler", handled()[method])
        if not isinstance(request, Request) or not request.newest:
            return
        older = self._newest.get((method, uri))
        if older is not None and not older.cancelling():
            older.cancel(SUPERSEDED)
        self._newest[method, uri] = task
        task.add_done_callback(lambda done: self._newest.get((method, uri)) is done and self._newest.pop((method, uri)))

    def notification(self, session: Session, method: str, raw: Any) -> None:
        """Do what a notification asks, at once. One that makes no sense is logged."""
        handler = load(method) if method in handled() else None
        if not isinstance(handler, Notification):
            log.debug("ignored notification %s", method)
            return
        outcome = "error"
        try:
            with span("lsp.notice", method=method, session=session.name):
                handler.run(session, cast("Mapping[str, Any]", raw) if isinstance(raw, dict) else {})
            outcome = "ok"
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            outcome = "rejected"
            # Once per method: a client that sends nothing else must not fill a pipe that nobody reads.
            level = logging.DEBUG if method in self._refused else logging.WARNING
            self._refused.add(method)
            log.log(level, "%s makes no sense: %s", method, error)
        except Exception:
            log.exception("%s failed", method)
        finally:
            count("requests_total", method=method, outcome=outcome)

    def background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run work that nobody waits for; it ends with the session at the latest."""
        self._tasks.create_task(_logged(work, name), name=name)

    async def _guarded(self, session: Session, method: str, work: Any) -> object:
        began = time.perf_counter()
        outcome = "cancelled"
        try:
            with span("lsp.request", method=method, session=session.name) as current:
                answer = await _attempt(method, work)
                outcome = _outcome(answer)
                current.set(outcome=outcome)
                if isinstance(answer, Failure):
                    current.set(code=answer.code)
            return answer
        finally:
            seconds = time.perf_counter() - began
            count("requests_total", method=method, outcome=outcome)
            observe("request_seconds", seconds, method=method)
            session.trace_request(method, outcome, seconds)

    def _structured(self, method: str, raw: Any) -> Any:
        kind = params_type(method)
        if kind is None:
            return raw
        if not isinstance(raw, dict):
            raise Refused(errors.INVALID_PARAMS, f"the parameters of {method} are no object")
        try:
            return self._converter.structure(raw, kind)
        except Exception as error:
            raise Refused(errors.INVALID_PARAMS, f"the parameters of {method}: {_cause(error)}") from error


async def _attempt(method: str, work: Any) -> object:
    request: Request[Any] | None = None
    try:
        # Imported by now as a rule: the session loads all handlers in a thread soon after it has started.
        known = registry.loaded("handler", handled()[method]) or await asyncio.to_thread(load, method)
        request = cast("Request[Any]", known)
        async with asyncio.timeout(request.seconds):
            return await work(request)
    except TimeoutError:
        error: Exception = DeadlineExceeded(f"{method} took too long and was given up")
    except Exception as caught:  # noqa: BLE001 - the one guard of all requests
        error = caught
    if request is not None and request.quiet and isinstance(error, DeadlineExceeded | Overloaded):
        return None
    failure = failure_of(error)
    if failure.code == errors.INTERNAL_ERROR:
        log.error("%s failed", method, exc_info=error)
    return failure


async def _logged(work: Coroutine[Any, Any, None], name: str) -> None:
    try:
        await work
    except Exception:
        log.exception("%s failed", name)


def _outcome(answer: object) -> str:
    if isinstance(answer, Failure):
        return _OUTCOMES.get(answer.code, "error")
    return "ok" if answer else "empty"


def _unchanged(session: Session, document: Document) -> Document:
    """The document under its newest name. Raises Superseded when its text is another now."""
    current = session.document(document.uri)
    if current.text is not document.text:
        raise Superseded("the document was changed before the server had started")
    return current


def _subject(params: Mapping[str, Any]) -> str | None:
    """The URI of the document that a request is about: it names one, or carries what we wrote into an item's data, or
    names one in a command's first argument.
    """
    arguments: Any = params.get("arguments")
    first: Any = cast("list[Any]", arguments)[0] if isinstance(arguments, list) and arguments else None
    for place in (params, params.get("data"), first):
        if isinstance(place, dict):
            named = cast("dict[str, Any]", place)
            inner: Any = named.get("textDocument", named)
            uri: Any = cast("dict[str, Any]", inner).get("uri") if isinstance(inner, dict) else None
            if isinstance(uri, str):
                return uri
    return None


def _cause(error: BaseException) -> str:
    """The innermost of the errors that cattrs nests, in one line."""
    inner = cast("tuple[BaseException, ...]", getattr(error, "exceptions", ()))
    return _cause(inner[0]) if inner else f"{type(error).__name__} {error}"[:200]
