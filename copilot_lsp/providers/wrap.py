"""Hold every backend to our deadlines, count what it does, and report how each request ended."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import TypeVar

from copilot_lsp.core.budget import Budget
from copilot_lsp.core.errors import ProviderError, ProviderRejected, ProviderTimeout
from copilot_lsp.core.fill import FillRequest
from copilot_lsp.providers.provider import Message, Model, Provider
from copilot_lsp.providers.settings import Deadlines
from copilot_lsp.providers.stops import first_lines
from copilot_lsp.telemetry.metrics import count, observe
from copilot_lsp.telemetry.span import Span, span

T = TypeVar("T")
# Called with the error of each request that failed, with None for each that brought an answer.
Report = Callable[[ProviderError | None], None]


class Watched:
    """A provider that keeps deadlines, is measured, and stops after as many lines as were asked for."""

    def __init__(self, provider: Provider, backend: str, deadlines: Deadlines, report: Report) -> None:
        self._provider = provider
        self._backend = backend
        self._deadlines = deadlines
        self._report = report

    @property
    def name(self) -> str:
        return self._provider.name

    @property
    def url(self) -> str:
        return self._provider.url

    @property
    def local(self) -> bool:
        return self._provider.local

    async def models(self, budget: Budget) -> tuple[Model, ...]:
        return await self._within(self._provider.models(budget), budget, "listing its models")

    async def prepare(self, model: Model, budget: Budget) -> Model:
        return await self._within(self._provider.prepare(model, budget), budget, f"loading {model.name}")

    def complete(self, request: FillRequest, model: Model, budget: Budget) -> AsyncGenerator[str]:
        pieces = self._paced(self._provider.complete(request, model, budget), budget)
        return self._measured("complete", first_lines(pieces, request.limits.lines), model)

    def chat(self, messages: Sequence[Message], model: Model, budget: Budget) -> AsyncGenerator[str]:
        return self._measured("chat", self._paced(self._provider.chat(messages, model, budget), budget), model)

    async def embed(self, texts: Sequence[str], model: Model, budget: Budget) -> list[list[float]]:
        began = time.perf_counter()
        with span("providers.embed", backend=self._backend, model=model.name, pieces=len(texts)) as current:
            try:
                work = self._provider.embed(texts, model, budget)
                vectors = await self._within(work, budget.within(self._deadlines.total), "computing vectors")
            except ProviderError as error:
                self._end("embed", began, current, error)
                raise
            except asyncio.CancelledError:
                self._end("embed", began, current, "cancelled")
                raise
            self._end("embed", began, current, "ok")
        self._report(None)
        return vectors

    async def close(self) -> None:
        await self._provider.close()

    async def _measured(self, capability: str, pieces: AsyncGenerator[str], model: Model) -> AsyncGenerator[str]:
        began = time.perf_counter()
        sent = 0
        ending: ProviderError | str = "cancelled"
        with span(f"providers.{capability}", backend=self._backend, model=model.name) as current:
            try:
                async with aclosing(pieces):
                    async for piece in pieces:
                        if not sent:
                            waited = time.perf_counter() - began
                            current.set(wait=waited)
                            observe("provider_first_token_seconds", waited, backend=self._backend, model=model.name)
                            self._report(None)
                        sent += 1
                        yield piece
                if not sent:
                    self._report(None)
                ending = "ok" if sent else "empty"
            except ProviderError as error:
                ending = error
                raise
            except GeneratorExit:
                # The caller has what it wanted.
                ending = "ok" if sent else "cancelled"
                raise
            finally:
                current.set(pieces=sent)
                self._end(capability, began, current, ending)

    def _end(self, capability: str, began: float, current: Span, ending: ProviderError | str) -> None:
        outcome = ending if isinstance(ending, str) else _outcome(ending)
        current.set(outcome=outcome)
        count("provider_requests_total", backend=self._backend, capability=capability, outcome=outcome)
        observe("provider_seconds", time.perf_counter() - began, backend=self._backend, capability=capability)
        if isinstance(ending, ProviderError):
            count("provider_errors_total", backend=self._backend, error=type(ending).__name__)
            self._report(ending)

    async def _paced(self, pieces: AsyncGenerator[str], budget: Budget) -> AsyncGenerator[str]:
        """Pass pieces on while each comes in time. A socket's read timeout does not stop a server that drips bytes."""
        limits = self._deadlines
        budget = budget.within(limits.total)
        wait, step = limits.first_token, "the first piece of its answer"
        async with aclosing(pieces):
            while True:
                allowed = min(wait, budget.left)
                try:
                    async with asyncio.timeout(allowed):
                        piece = await anext(pieces)
                except StopAsyncIteration:
                    return
                except TimeoutError:
                    raise self._late(step, allowed) from None
                yield piece
                wait, step = limits.between_tokens, "the next piece of its answer"

    async def _within(self, work: Awaitable[T], budget: Budget, step: str) -> T:
        allowed = budget.left
        try:
            async with asyncio.timeout(allowed):
                return await work
        except TimeoutError:
            raise self._late(step, allowed) from None

    def _late(self, step: str, allowed: float) -> ProviderTimeout:
        where = f" at {self.url}" if self.url else ""
        return ProviderTimeout(f"{self.name}{where} took more than {allowed:.1f} s for {step}")


def _outcome(error: ProviderError) -> str:
    if isinstance(error, ProviderTimeout):
        return "timeout"
    return "rejected" if isinstance(error, ProviderRejected) else "error"
