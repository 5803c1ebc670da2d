"""Servers that speak OpenAI's language: llama.cpp, LocalAI, vLLM, LM Studio and others.

All get a prompt of the model's family, llama.cpp by its own `/completion`, others through `/v1/completions`: `suffix`
is ignored or refused by nearly all of them. llama.cpp's `/infill` is left for models that it can fill in with and whose
family we do not know: of a long text it keeps the end, another one with every key typed, and its cache is of no use.
"""

from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from copilot_lsp.core.budget import Budget
from copilot_lsp.core.fill import FillRequest
from copilot_lsp.providers.embeddings import batches, cut_to_fit, vectors
from copilot_lsp.providers.http import Http
from copilot_lsp.providers.identity import Kind, identify
from copilot_lsp.providers.keys import key_of
from copilot_lsp.providers.pack import Fit, Packed
from copilot_lsp.providers.provider import Backend, Message, Model
from copilot_lsp.providers.refusal import Server
from copilot_lsp.providers.settings import EndpointSettings
from copilot_lsp.providers.shapes import listed, nested, number, text_of
from copilot_lsp.providers.stops import until, without_thinking
from copilot_lsp.providers.streams import events, settle
from copilot_lsp.providers.templates import Family, families, family_for, harmless, prompt_of
from copilot_lsp.telemetry.metrics import count

# LocalAI reports a failure in mid-answer as this text, as if the model had written it.
FAILURE = "Internal error:"


class OpenAICompatible:
    """One server."""

    def __init__(self, http: Http, settings: EndpointSettings) -> None:
        self._http = http
        self._settings = settings
        self._fit = Fit()
        self._kind: Kind = "other"

    @property
    def name(self) -> str:
        return self._http.server.name

    @property
    def url(self) -> str:
        return self._http.server.url

    @property
    def local(self) -> bool:
        return self._http.local

    async def models(self, budget: Budget) -> tuple[Model, ...]:
        self._kind, models = await identify(self._http, self._settings)
        return models

    async def prepare(self, model: Model, budget: Budget) -> Model:
        return replace(model, loaded=True)

    async def complete(self, request: FillRequest, model: Model, budget: Budget) -> AsyncGenerator[str]:
        family = families().get(model.family)
        stops = (*(family.tokens if family else ()), *(("\n",) if request.limits.lines == 1 else ()))

        def send(packed: Packed) -> AsyncGenerator[str]:
            if self._kind != "llama.cpp":
                pieces = self._templated(request, packed, model)
            elif family is None:
                pieces = self._infill(request, packed, model, budget)
            else:
                pieces = self._raw(request, packed, model, budget, family)
            return until(pieces, stops)

        suffix_first = family is not None and family.suffix_first
        async with aclosing(self._fit.stream(request, model, budget, send, suffix_first=suffix_first)) as pieces:
            async for piece in pieces:
                yield piece

    async def chat(self, messages: Sequence[Message], model: Model, budget: Budget) -> AsyncGenerator[str]:
        body: dict[str, Any] = {
            "model": model.name,
            "messages": [{"role": one.role, "content": harmless(one.text)} for one in messages],
            "max_tokens": budget.tokens,
            "temperature": 0.2,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if self._kind in ("llama.cpp", "vllm"):
            body["chat_template_kwargs"] = {"enable_thinking": False}
        answer = self._choices("/v1/chat/completions", body, model, ("delta", "content"))
        async with aclosing(without_thinking(answer)) as pieces:
            async for piece in pieces:
                yield piece

    async def embed(self, texts: Sequence[str], model: Model, budget: Budget) -> list[list[float]]:
        def ask(some: Sequence[str]) -> Awaitable[dict[str, Any]]:
            return self._http.json("POST", "/v1/embeddings", {"model": model.name, "input": some})

        found: list[list[float]] = []
        for batch in batches(texts):
            answer = await cut_to_fit(batch, ask)
            rows = sorted(listed(answer, "data"), key=lambda row: number(row, "index"))
            found += vectors([row.get("embedding") for row in rows], len(batch), self._http)
            _count_usage(answer, model)
        return found

    async def close(self) -> None:
        await self._http.close()

    def _raw(
        self, request: FillRequest, packed: Packed, model: Model, budget: Budget, family: Family
    ) -> AsyncGenerator[str]:
        """A prompt of the model's family: what stands where is then ours to say, so that the server's cache holds."""
        prompt = {"prompt": prompt_of(family, request.document, packed)}
        return self._native("/completion", prompt, request, model, budget)

    def _infill(self, request: FillRequest, packed: Packed, model: Model, budget: Budget) -> AsyncGenerator[str]:
        """The server's own template, for a model whose family is not known. It cuts long texts by its own rules."""
        parts = {
            "input_prefix": packed.prefix,
            "input_suffix": packed.suffix,
            "input_extra": [{"filename": chunk.path, "text": chunk.text} for chunk in packed.chunks],
        }
        return self._native("/infill", parts, request, model, budget)

    async def _native(
        self, path: str, prompt: Mapping[str, Any], request: FillRequest, model: Model, budget: Budget
    ) -> AsyncGenerator[str]:
        body = {
            "model": model.name,
            **prompt,
            "n_predict": request.limits.tokens,
            "temperature": request.limits.temperature,
            "stop": ["\n"] if request.limits.lines == 1 else [],
            "stream": True,
            "cache_prompt": True,
            # The server notices late that we have gone, so it is told when its answer will be of no use.
            "t_max_predict_ms": max(1, int(budget.left * 1000)),
        }
        async with aclosing(events(self._http.lines(path, body))) as answer:
            async for event in answer:
                row = self._row(event, body)
                if text := text_of(row, "content"):
                    yield text
                if row.get("stop"):
                    count("tokens_total", number(row, "tokens_evaluated"), model=model.name, direction="in")
                    count("tokens_total", number(row, "tokens_predicted"), model=model.name, direction="out")
                    await settle(answer)
                    return
        raise self._http.garbled("its answer ends before it is done")

    def _templated(self, request: FillRequest, packed: Packed, model: Model) -> AsyncGenerator[str]:
        family = family_for(model)
        body = {
            "model": model.name,
            "prompt": prompt_of(family, request.document, packed),
            "max_tokens": request.limits.tokens,
            "temperature": request.limits.temperature,
            # Servers take four stop words; the others are looked for here.
            "stop": ["\n"] if request.limits.lines == 1 else list(family.tokens[:4]),
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        return self._choices("/v1/completions", body, model, ("text",))

    async def _choices(
        self, path: str, body: Mapping[str, Any], model: Model, where: tuple[str, ...]
    ) -> AsyncGenerator[str]:
        """The text in a stream of choices, up to [DONE]; servers that never send that at least give a reason to end."""
        ended = False
        async with aclosing(events(self._http.lines(path, body))) as answer:
            async for event in answer:
                if event.strip() == b"[DONE]":
                    await settle(answer)
                    return
                row = self._row(event, body)
                _count_usage(row, model)
                for choice in listed(row, "choices")[:1]:
                    text = text_of(choice, *where)
                    if text.startswith(FAILURE):
                        raise self._http.failed({"error": text}, body)
                    if text:
                        yield text
                    ended = ended or bool(choice.get("finish_reason"))
        if not ended:
            raise self._http.garbled("its answer ends before it is done")

    def _row(self, event: bytes, body: Mapping[str, Any]) -> dict[str, Any]:
        row = self._http.parsed(event)
        if nested(row, "error") is not None:
            raise self._http.failed(row, body)
        return row


def _count_usage(row: Mapping[str, Any], model: Model) -> None:
    for direction, key in (("in", "prompt_tokens"), ("out", "completion_tokens")):
        if amount := number(row, "usage", key):
            count("tokens_total", amount, model=model.name, direction=direction)


def _open(name: str, settings: EndpointSettings) -> OpenAICompatible:
    server = Server(
        name,
        settings.url.removesuffix("/v1"),
        key_of(settings),
        hint=f"start that server or set providers.endpoints.{name}.url",
        connect=settings.deadlines.connect,
    )
    return OpenAICompatible(Http(server), settings)


BACKEND = Backend("openai_compatible", open=_open, url="http://127.0.0.1:8080")
