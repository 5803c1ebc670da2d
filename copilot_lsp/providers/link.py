"""Keep one endpoint known: what it offers, whether it is up, and when to look again."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from typing import Literal, cast

from copilot_lsp.core import registry
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.document import document
from copilot_lsp.core.errors import CopilotLspError, ProviderError, ProviderLoading, ProviderUnavailable, SettingsError
from copilot_lsp.core.fill import FillLimits, FillRequest
from copilot_lsp.core.text import at
from copilot_lsp.providers.breaker import FAR, NEAR, Breaker
from copilot_lsp.providers.pick import Task, named, pick
from copilot_lsp.providers.provider import Backend, Model, Provider
from copilot_lsp.providers.settings import EndpointSettings
from copilot_lsp.providers.templates import families
from copilot_lsp.providers.wrap import Watched
from copilot_lsp.telemetry.metrics import gauge

log = logging.getLogger(__name__)

State = Literal["new", "loading", "up", "down"]
LOOK = 10.0  # seconds that listing the models may take
POLL = 1.0  # seconds between two looks at a server that is loading its model
_LOADING = "is loading its model"
AGAIN = 60.0  # seconds after which an endpoint that can complete nothing is asked for its models again


class Link:
    """One endpoint and the task that tends it.

    Requests never probe: while it is down it offers nothing, and the tending task alone finds out when it is back.
    """

    def __init__(self, name: str, settings: EndpointSettings, changed: Callable[[], None]) -> None:
        self.name = name
        self.settings = settings
        self.state: State = "new"
        self.reason = ""
        self.provider: Provider | None = None
        self.models: tuple[Model, ...] = ()
        self.known = asyncio.Event()
        self._breaker = Breaker()
        self._trouble = asyncio.Event()
        self._changed = changed
        self._remedy = ""

    def offer(self, task: Task) -> Model | None:
        """The model that would do a task now."""
        usable = self.state == "up" or (self.state == "loading" and task != "complete")
        return pick(task, self.models, self.settings) if usable else None

    def report(self, error: ProviderError | None) -> None:
        """Take note of how a request ended; the endpoint may be left alone from now on."""
        if self.state != "up":
            return  # a probe, or a request that began before the trouble
        if error is None:
            self._breaker.succeeded()
        elif isinstance(error, ProviderLoading):
            self._move("loading", _LOADING)
            self._trouble.set()
        elif self._breaker.failed(error):
            self._move("down", str(error))
            self._trouble.set()

    async def tend(self) -> None:
        """Look after the endpoint until cancelled."""
        while True:
            self._trouble.clear()
            try:
                await self._look()
            except ProviderLoading:
                self._move("loading", _LOADING)
                await asyncio.sleep(POLL)
            except CopilotLspError as error:
                self._breaker.trip(error if isinstance(error, ProviderError) else ProviderUnavailable(str(error)))
                self._move("down", str(error))
            except Exception:  # a backend's own fault must not end the search for others
                log.exception("the backend %s of the endpoint %s failed", self.settings.backend, self.name)
                self._move("down", f"its backend {self.settings.backend} failed; the log says how")
                return
            await self._rest()

    async def close(self) -> None:
        if self.provider:
            await self.provider.close()

    async def _look(self) -> None:
        """Find out what is offered, have the completion model loaded, and see it answer if it failed before."""
        doubted = self.state == "down" and self.provider is not None
        if self.provider is None:
            # Importing the HTTP client and reading certificates would hold up the event loop for 0.1 s.
            self.provider = await asyncio.to_thread(self._open)
            self._breaker.longest = NEAR if self.provider.local else FAR
        self.models = await self.provider.models(seconds(LOOK))
        model = pick("complete", self.models, self.settings)
        if model is None:
            self._move("up", self._lacking())
            return
        if not model.loaded:
            self._move("loading", f"is loading {model.name}")
        ready = await self.provider.prepare(model, seconds(self.settings.deadlines.load))
        self.models = tuple([ready if one.name == ready.name else one for one in self.models])
        if doubted:
            await self._try(self.provider, ready)
        self._move("up", "")

    async def _try(self, provider: Provider, model: Model) -> None:
        """One token, to see that the model answers."""
        request = FillRequest(document("", "x = "), at(0, 4), limits=FillLimits(tokens=1))
        async with aclosing(provider.complete(request, model, seconds(self.settings.deadlines.first_token))) as pieces:
            async for _ in pieces:
                break

    def _open(self) -> Provider:
        try:
            backend = cast("Backend", registry.load("backend", self.settings.backend))
        except LookupError as error:
            raise SettingsError(f"providers.endpoints.{self.name}.backend is not known: {error}") from None
        self._remedy = backend.remedy
        settings = self.settings.model_copy(update={"url": self.settings.url or backend.url})
        return Watched(backend.open(self.name, settings), backend.name, settings.deadlines, self.report)

    async def _rest(self) -> None:
        """Wait until it is time to look again."""
        if self.state == "up":
            try:
                async with asyncio.timeout(AGAIN if self.reason else None):
                    await self._trouble.wait()
            except TimeoutError:
                return
        if self.state == "down":
            await asyncio.sleep(self._breaker.wait)

    def _move(self, state: State, reason: str) -> None:
        before = (self.state, self.reason)
        self.state, self.reason = state, reason
        gauge("provider_up", float(state == "up"), endpoint=self.name)
        self.known.set()
        if before != (state, reason):
            self._changed()

    def _lacking(self) -> str:
        """Why nothing here completes, and what to do about it."""
        wanted, template = self.settings.complete_model, self.settings.template
        if template and template not in families():
            return f"has a template set, {template!r}, that is none of {', '.join(families())}"
        if wanted and not named(wanted, self.models):
            return f"has no model {wanted!r}"
        if wanted:
            return f"does not know how {wanted!r} fills in the middle; set its template"
        return f"has no model that can fill in the middle{self._remedy and f'; {self._remedy}'}"
