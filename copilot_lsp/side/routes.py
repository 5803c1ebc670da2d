"""What each path of the side port answers."""

import asyncio
import os
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from copilot_lsp import __version__
from copilot_lsp.side.guard import Guard
from copilot_lsp.side.status import Status, StatusProvider
from copilot_lsp.telemetry.decisions import DECISIONS
from copilot_lsp.telemetry.exposition import CONTENT_TYPE, exposition
from copilot_lsp.telemetry.latency import latencies
from copilot_lsp.telemetry.memory import Memory
from copilot_lsp.telemetry.metrics import uptime
from copilot_lsp.telemetry.span import SPANS

_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Site:
    """The answers of one side port. It runs on a loop of its own and asks `loop`, the runtime's, for the status."""

    provider: StatusProvider
    memory: Memory
    loop: asyncio.AbstractEventLoop

    def app(self) -> ASGIApp:
        """The ASGI application, guarded."""
        routes = {
            "/metrics": self.metrics,
            "/healthz": self.healthz,
            "/readyz": self.readyz,
            "/status": self.status,
            "/decisions": self.decisions,
            "/spans": self.spans,
        }
        return Guard(Starlette(routes=[Route(path, answer, methods=["GET"]) for path, answer in routes.items()]))

    async def metrics(self, request: Request) -> Response:
        """Prometheus text."""
        return Response(await asyncio.to_thread(exposition), media_type=CONTENT_TYPE)

    async def healthz(self, request: Request) -> Response:
        """200 while the runtime's loop answers, also with less than everything working; 503 when it does not."""
        now = await self._ask()
        if now is None:
            return _stalled()
        return JSONResponse(now.health)

    async def readyz(self, request: Request) -> Response:
        """200 once a completion would be answered."""
        now = await self._ask()
        if now is None:
            return _stalled()
        return JSONResponse({"ready": now.ready}, 200 if now.ready else 503)

    async def status(self, request: Request) -> Response:
        """Everything about this process that a person or a tool may want to see at a glance."""
        now = await self._ask()
        if now is None:
            return _stalled()
        row: dict[str, Any] = {
            "version": __version__,
            "pid": os.getpid(),
            "uptime": round(uptime(), 3),
            **now.row(),
            "memory": await asyncio.to_thread(self.memory.report),
            "latencies_ms": latencies(),
        }
        return JSONResponse(row)

    async def decisions(self, request: Request) -> Response:
        """The newest decisions, newest last; `?limit=N`."""
        return JSONResponse({"decisions": DECISIONS.rows(_limit(request))})

    async def spans(self, request: Request) -> Response:
        """The newest spans, newest last; `?limit=N`."""
        return JSONResponse({"spans": SPANS.rows(_limit(request))})

    async def _ask(self) -> Status | None:
        """The status, made on the runtime's loop; None when that loop does not answer."""

        async def ask() -> Status:
            return self.provider()

        try:
            future = asyncio.run_coroutine_threadsafe(ask(), self.loop)
            return await asyncio.wait_for(asyncio.wrap_future(future), _PATIENCE)
        except (TimeoutError, RuntimeError):  # stalled, or already closed
            return None


def _stalled() -> Response:
    return JSONResponse({"status": "down", "detail": "the event loop does not answer"}, 503)


def _limit(request: Request) -> int:
    asked = request.query_params.get("limit", "")
    return min(int(asked), 10_000) if asked.isdecimal() and len(asked) < 9 else 100
