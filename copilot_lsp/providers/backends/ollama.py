"""Ollama, by its native API.

Of its two ways to complete, `suffix` is taken where the model's template knows it ("insert"), else a raw prompt of the
model's family. A completion never makes Ollama load a model: Ollama aborts a loading when the client goes away, and one
that completes goes away with every key typed.
"""

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from copilot_lsp.core.budget import Budget
from copilot_lsp.core.errors import ProviderLoading, ProviderMisconfigured, ProviderTimeout
from copilot_lsp.core.fill import FillRequest
from copilot_lsp.providers.embeddings import batches, vectors
from copilot_lsp.providers.http import Http
from copilot_lsp.providers.keys import key_of
from copilot_lsp.providers.pack import Fit, Packed
from copilot_lsp.providers.probe import family_by_file
from copilot_lsp.providers.provider import Backend, Capability, Message, Model
from copilot_lsp.providers.refusal import Server
from copilot_lsp.providers.settings import EndpointSettings
from copilot_lsp.providers.shapes import listed, names_of, nested, number, text_of
from copilot_lsp.providers.stops import until
from copilot_lsp.providers.streams import rows, settle
from copilot_lsp.providers.templates import (
    commented,
    families,
    family_for,
    family_of,
    harmless,
    harmless_chunks,
    prompt_of,
)
from copilot_lsp.telemetry.metrics import count

USUAL_CONTEXT = 4096  # what Ollama gives a model on a machine with little video memory
TRUSTED = 30.0  # seconds for which a model that just answered is taken to be loaded still


class Ollama:
    """One Ollama server."""

    def __init__(self, http: Http, settings: EndpointSettings) -> None:
        self._http = http
        self._settings = settings
        self._fit = Fit()
        self._inserts: set[str] = set()
        self._remote: set[str] = set()
        self._answered: dict[str, float] = {}
        self._loading: dict[str, asyncio.Task[None]] = {}

    @property
    def name(self) -> str:
        return self._http.server.name

    @property
    def url(self) -> str:
        return self._http.server.url

    @property
    def local(self) -> bool:
        return self._http.local and not self._settings.cloud

    async def models(self, budget: Budget) -> tuple[Model, ...]:
        await self._check_that_it_is_one()
        found = listed(await self._http.json("GET", "/api/tags"), "models")
        loaded = await self._contexts()
        self._inserts.clear()
        self._remote.clear()
        taken = [row for row in found if text_of(row, "name") and (self._settings.cloud or not _is_remote(row))]
        return tuple([await self._model(row, loaded) for row in taken])

    async def prepare(self, model: Model, budget: Budget) -> Model:
        loaded = await self._contexts()
        if model.name not in loaded and model.name not in self._remote:
            # Invariant: the loading belongs to this object, not to the one who waits for it, who may be cancelled.
            await asyncio.shield(self._load(model))
            loaded = await self._contexts()
        self._answered[model.name] = time.monotonic()
        return replace(model, loaded=True, context=self._context(model.name, loaded))

    async def complete(self, request: FillRequest, model: Model, budget: Budget) -> AsyncGenerator[str]:
        if not await self._is_loaded(model):
            raise ProviderLoading(f"{model.name} of {self._http.server.where} is not in memory")
        family = families().get(model.family)
        stops = (*(family.tokens if family else ()), *(("\n",) if request.limits.lines == 1 else ()))

        def send(packed: Packed) -> AsyncGenerator[str]:
            body = self._body(model, request.limits.tokens, temperature=request.limits.temperature, stop=list(stops))
            body |= self._prompt(request, model, packed)
            return until(self._answer("/api/generate", body, model), stops)

        # Where Ollama's own template puts the suffix is not known.
        suffix_first = family is not None and family.suffix_first and model.name not in self._inserts
        async with aclosing(self._fit.stream(request, model, budget, send, suffix_first=suffix_first)) as pieces:
            async for piece in pieces:
                yield piece

    async def chat(self, messages: Sequence[Message], model: Model, budget: Budget) -> AsyncGenerator[str]:
        if not await self._is_loaded(model):
            await asyncio.shield(self._load(model))
        body = self._body(model, budget.tokens, temperature=0.2)
        body["messages"] = [{"role": one.role, "content": harmless(one.text)} for one in messages]
        async with aclosing(self._answer("/api/chat", body, model)) as pieces:
            async for piece in pieces:
                yield piece

    async def embed(self, texts: Sequence[str], model: Model, budget: Budget) -> list[list[float]]:
        found: list[list[float]] = []
        for batch in batches(texts):
            body = {"model": model.name, "input": batch, "truncate": True, "keep_alive": self._keep}
            answer = await self._http.json("POST", "/api/embed", body)
            found += vectors(answer.get("embeddings"), len(batch), self._http)
            count("tokens_total", number(answer, "prompt_eval_count"), model=model.name, direction="in")
        return found

    async def close(self) -> None:
        for task in self._loading.values():
            task.cancel()
        await asyncio.gather(*self._loading.values(), return_exceptions=True)
        await self._http.close()

    @property
    def _keep(self) -> str:
        return f"{self._settings.keep_loaded}s"

    async def _check_that_it_is_one(self) -> None:
        """LocalAI speaks Ollama's language too, but drops the suffix without a word."""
        version = text_of(await self._http.json("GET", "/api/version"), "version")
        if version == "0.9.0" and (await self._http.ask("GET", "/.well-known/localai.json")).status == 200:
            backend = f"providers.endpoints.{self.name}.backend"
            raise ProviderMisconfigured(f"{self._http.server.where} is LocalAI; set {backend} to openai_compatible")

    async def _contexts(self) -> dict[str, int]:
        """The models in memory, with how many tokens each was loaded for."""
        rows_found = listed(await self._http.json("GET", "/api/ps"), "models")
        return {text_of(row, "name"): int(number(row, "context_length")) for row in rows_found}

    def _context(self, name: str, loaded: Mapping[str, int]) -> int:
        return self._settings.context or loaded.get(name) or USUAL_CONTEXT

    async def _model(self, row: Mapping[str, Any], loaded: Mapping[str, int]) -> Model:
        name = text_of(row, "name")
        if "capabilities" not in row:  # before Ollama 0.30
            told = await self._http.ask("POST", "/api/show", {"model": name})
            row = {**row, "capabilities": nested(told.value, "capabilities")}
        can = names_of(row, "capabilities")
        family = self._settings.template or family_of(name)
        if not family and "completion" in can and "insert" not in can:
            family = family_by_file((await self._http.ask("POST", "/api/show", {"model": name})).value)
        abilities: set[Capability] = set()
        if "insert" in can or (family in families() and "completion" in can):
            abilities.add("fim")
        if "completion" in can:
            abilities.add("chat")
        if "embedding" in can:
            abilities.add("embed")
        if "insert" in can:
            self._inserts.add(name)
        if _is_remote(row):
            self._remote.add(name)
        return Model(
            name,
            frozenset(abilities),
            self._context(name, loaded),
            family=family,
            endpoint=self.name,
            size=int(number(row, "size")),
            loaded=name in loaded or name in self._remote,
        )

    def _load(self, model: Model) -> asyncio.Task[None]:
        task = self._loading.get(model.name)
        if task is None or task.done():
            task = asyncio.create_task(self._wait_for(model), name=f"load {model.name}")
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._loading[model.name] = task
        return task

    async def _wait_for(self, model: Model) -> None:
        """A request without a prompt only loads the model."""
        body = self._body(model, 1, temperature=0.0) | {"stream": False}
        try:
            async with asyncio.timeout(self._settings.deadlines.load):
                await self._http.json("POST", "/api/generate", body)
        except TimeoutError:
            raise ProviderTimeout(f"{self._http.server.where} did not load {model.name} in time") from None

    async def _is_loaded(self, model: Model) -> bool:
        if time.monotonic() - self._answered.get(model.name, -math.inf) < TRUSTED:
            return True
        if model.name in self._remote:
            return True  # where it runs is not for us to know
        if model.name not in await self._contexts():
            return False
        self._answered[model.name] = time.monotonic()
        return True

    def _body(self, model: Model, tokens: int, **options: object) -> dict[str, Any]:
        options["num_predict"] = tokens
        if self._settings.context:
            # Invariant: all requests ask for the same context size, or Ollama loads the model anew each time.
            options["num_ctx"] = self._settings.context
        # A thinking model thinks unless told not to.
        return {"model": model.name, "stream": True, "think": False, "keep_alive": self._keep, "options": options}

    def _prompt(self, request: FillRequest, model: Model, packed: Packed) -> dict[str, Any]:
        """The part of a request that holds the text."""
        if model.name not in self._inserts:
            return {"raw": True, "prompt": prompt_of(family_for(model), request.document, packed)}
        family = families().get(model.family)
        chunks = harmless_chunks(packed.chunks, family)
        prefix = commented(chunks, request.document.language) + harmless(packed.prefix, family)
        # Without a prompt Ollama only loads the model, and without a suffix it takes the prompt for a question.
        return {"prompt": prefix or "\n", "suffix": harmless(packed.suffix, family) or "\n", "truncate": False}

    async def _answer(self, path: str, body: Mapping[str, Any], model: Model) -> AsyncGenerator[str]:
        """The text in a stream of JSON lines, up to the one that says it is done."""
        async with aclosing(rows(self._http.lines(path, body))) as lines:
            async for line in lines:
                row = self._http.parsed(line)
                if "error" in row:
                    raise self._http.failed(row, body)
                text = text_of(row, "response") or text_of(row, "message", "content")
                if text:
                    yield text
                if row.get("done"):
                    self._answered[model.name] = time.monotonic()
                    count("tokens_total", number(row, "prompt_eval_count"), model=model.name, direction="in")
                    count("tokens_total", number(row, "eval_count"), model=model.name, direction="out")
                    await settle(lines)
                    return
        raise self._http.garbled("its answer ends before it is done")


def _is_remote(row: Mapping[str, Any]) -> bool:
    """Whether a model runs on another machine, to which Ollama sends what it is asked."""
    name = text_of(row, "name")
    return bool(row.get("remote_host") or row.get("remote_model")) or name.endswith(("-cloud", ":cloud"))


def _open(name: str, settings: EndpointSettings) -> Ollama:
    server = Server(
        name,
        settings.url,
        key_of(settings),
        hint=f"start it with `ollama serve` or set providers.endpoints.{name}.url",
        connect=settings.deadlines.connect,
    )
    return Ollama(Http(server), settings)


BACKEND = Backend(
    "ollama", open=_open, url="http://127.0.0.1:11434", remedy="run `ollama pull qwen2.5-coder:1.5b-base`"
)
