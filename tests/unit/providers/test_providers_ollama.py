"""Ollama's rules, against a front with its API over a real llama.cpp server (it is not Ollama itself)."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from servers.ollama_front import Front
from servers.tiny_http import Asked, Handler, Reply, Site

from copilot_lsp.core.budget import seconds
from copilot_lsp.core.document import document
from copilot_lsp.core.errors import (
    ProviderError,
    ProviderLoading,
    ProviderMisconfigured,
    ProviderProtocolError,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from copilot_lsp.core.fill import Chunk, FillLimits, FillRequest
from copilot_lsp.core.text import at
from copilot_lsp.providers.backends.ollama import BACKEND
from copilot_lsp.providers.provider import Message, Model, Provider
from copilot_lsp.providers.settings import EndpointSettings

Serve = Callable[[Handler], Awaitable[Site]]
CHUNK = Chunk("file:///b.py", "b.py", at(0, 0), "def f(): ...\n")
REQUEST = FillRequest(document("file:///a.py", "x = \ny", "python"), at(0, 4), (CHUNK,), FillLimits(8))


@asynccontextmanager
async def opened(front: Front, **settings: object) -> AsyncGenerator[Provider]:
    endpoint = EndpointSettings.model_validate({"backend": "ollama", "url": front.url, **settings})
    provider = BACKEND.open("ollama", endpoint)
    try:
        yield provider
    finally:
        await provider.close()


async def ready(provider: Provider) -> Model:
    (model,) = [one for one in await provider.models(seconds(20)) if "cloud" not in one.name]
    return await provider.prepare(model, seconds(20))


async def text(provider: Provider, model: Model, request: FillRequest = REQUEST) -> str:
    return "".join([piece async for piece in provider.complete(request, model, seconds(20))])


async def test_models_that_leave_the_machine_are_not_offered_unasked(ollama_front: Front) -> None:
    async with opened(ollama_front) as provider:
        assert [model.name for model in await provider.models(seconds(20))] == [ollama_front.name]
        assert provider.local
    async with opened(ollama_front, cloud=True) as provider:
        cloud, _, _ = await provider.models(seconds(20))
        assert not provider.local
        assert cloud.loaded
        assert (await provider.prepare(cloud, seconds(20))).loaded
        with pytest.raises(ProviderMisconfigured, match="120b-cloud' not found"):
            await text(provider, cloud)


async def test_capabilities_are_asked_for_where_the_list_does_not_tell_them(ollama_front: Front) -> None:
    ollama_front.tells_capabilities = False
    ollama_front.capabilities = ("completion", "insert", "embedding")
    async with opened(ollama_front) as provider:
        (model,) = await provider.models(seconds(20))
        assert model.capabilities == {"fim", "chat", "embed"}


@pytest.mark.parametrize(("name", "can"), [("qwen2.5-coder:1.5b", {"fim", "chat"}), ("llama3.2:3b", {"chat"})])
async def test_without_insert_only_a_known_family_completes(ollama_front: Front, name: str, can: set[str]) -> None:
    ollama_front.name, ollama_front.capabilities = name, ("completion",)
    async with opened(ollama_front) as provider:
        (model,) = await provider.models(seconds(20))
        assert model.capabilities == can


async def test_the_family_of_a_model_that_is_called_anything_is_told_by_its_file(ollama_front: Front) -> None:
    ollama_front.name, ollama_front.capabilities, ollama_front.basename = "mine", ("completion",), "Qwen2.5 Coder"
    async with opened(ollama_front) as provider:
        (model,) = await provider.models(seconds(20))
        assert (model.family, model.capabilities) == ("qwen", {"fim", "chat"})


async def test_insert_gets_the_suffix_and_chunks_as_comments(ollama_front: Front) -> None:
    async with opened(ollama_front) as provider:
        assert await text(provider, await ready(provider))
    body = ollama_front.bodies("/api/generate")[-1]
    assert body["prompt"] == "# From b.py:\n# def f(): ...\nx = "
    assert body["suffix"] == "\ny"
    assert body["truncate"] is body["think"] is False
    assert "num_ctx" not in body["options"]
    assert "\n" in body["options"]["stop"]


async def test_raw_gets_the_familys_template(ollama_front: Front) -> None:
    ollama_front.capabilities = ("completion",)
    async with opened(ollama_front) as provider:
        assert await text(provider, await ready(provider))
    body = ollama_front.bodies("/api/generate")[-1]
    assert body["raw"]
    assert "suffix" not in body
    assert body["prompt"] == (
        "<|file_sep|>b.py\ndef f(): ...\n\n<|file_sep|>a.py\n<|fim_prefix|>x = <|fim_suffix|>\ny<|fim_middle|>"
    )


async def test_a_model_that_cannot_complete_is_not_asked_to(ollama_front: Front) -> None:
    ollama_front.name, ollama_front.capabilities = "llama3.2:3b", ("completion",)
    async with opened(ollama_front) as provider:
        with pytest.raises(ProviderRejected, match=r"set providers\.endpoints\.ollama\.template"):
            await text(provider, await ready(provider))
    assert not [body for body in ollama_front.bodies("/api/generate") if body.get("prompt")]


async def test_an_empty_side_does_not_turn_a_completion_into_something_else(ollama_front: Front) -> None:
    async with opened(ollama_front) as provider:
        model = await ready(provider)
        await text(provider, model, FillRequest(document("file:///a.py", ""), at(0, 0), limits=FillLimits(8)))
    body = ollama_front.bodies("/api/generate")[-1]
    assert (body["prompt"], body["suffix"]) == ("\n", "\n")


async def test_a_completion_never_loads_and_so_never_aborts_a_loading(ollama_front: Front) -> None:
    ollama_front.load_seconds = 0.3
    async with opened(ollama_front) as provider:
        (model,) = await provider.models(seconds(20))
        assert not model.loaded
        with pytest.raises(ProviderLoading, match="not in memory"):
            await text(provider, model)
        assert ollama_front.loads == 0
        impatient = [asyncio.create_task(provider.prepare(model, seconds(20))) for _ in range(3)]
        await asyncio.sleep(0.1)
        for task in impatient:
            task.cancel()
        prepared = await provider.prepare(model, seconds(20))
        assert (ollama_front.loads, ollama_front.aborted) == (1, 0)
        assert prepared.loaded
        assert await text(provider, prepared)


async def test_a_chat_that_is_given_up_leaves_the_loading_to_go_on(ollama_front: Front) -> None:
    ollama_front.load_seconds = 0.3
    async with opened(ollama_front) as provider:
        (model,) = await provider.models(seconds(20))
        stream = provider.chat([Message("user", "hi")], model, seconds(20, tokens=4))
        impatient = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.1)
        impatient.cancel()
        await asyncio.gather(impatient, return_exceptions=True)
        assert [piece async for piece in provider.chat([Message("user", "hi")], model, seconds(20, tokens=4))]
    assert (ollama_front.loads, ollama_front.aborted) == (1, 0)


async def test_a_loading_has_a_deadline(ollama_front: Front) -> None:
    ollama_front.load_seconds = 60
    async with opened(ollama_front, deadlines={"load": 0.1}) as provider:
        with pytest.raises(ProviderTimeout, match=f"did not load {ollama_front.name} in time"):
            await ready(provider)


@pytest.mark.parametrize(
    ("last", "kind", "says"),
    [
        (b'{"error": "llama runner process has terminated"}\n', ProviderUnavailable, "failed: llama runner"),
        (b"", ProviderProtocolError, "before it is done"),
        (b"[]\n", ProviderProtocolError, "JSON object"),
        (b'{"response": ["x"], "done": "no"', ProviderProtocolError, "JSON object"),
    ],
)
async def test_a_stream_that_goes_wrong_is_an_error(
    ollama_front: Front, serve: Serve, last: bytes, kind: type[ProviderError], says: str
) -> None:
    async def breaks(asked: Asked, reply: Reply) -> None:
        if asked.body and asked.body.get("prompt"):
            await reply.head(kind="application/x-ndjson")
            await reply.chunk(b'{"response": "x", "done": false}\n' + last)
            await reply.end()
        else:
            await ollama_front.answer(asked, reply)

    ollama_front.site = await serve(breaks)
    async with opened(ollama_front) as provider:
        with pytest.raises(kind, match=says):
            await text(provider, await ready(provider))


async def test_closing_ends_a_loading(ollama_front: Front) -> None:
    ollama_front.load_seconds = 60
    async with opened(ollama_front) as provider:
        (model,) = await provider.models(seconds(20))
        waiting = asyncio.create_task(provider.prepare(model, seconds(20)))
        await asyncio.sleep(0.1)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.sleep(0.05)
    assert ollama_front.aborted == 1


async def test_all_requests_ask_for_one_context_size(ollama_front: Front) -> None:
    async with opened(ollama_front, context=2048) as provider:
        model = await ready(provider)
        assert model.context == 2048
        await text(provider, model)
        _ = [piece async for piece in provider.chat([Message("user", "hi")], model, seconds(20, tokens=16))]
    bodies = ollama_front.bodies("/api/generate") + ollama_front.bodies("/api/chat")
    assert {body["options"]["num_ctx"] for body in bodies} == {2048}
    assert {body["keep_alive"] for body in bodies} == {"1800s"}


async def test_the_context_is_what_the_model_was_loaded_for(ollama_front: Front) -> None:
    ollama_front.context = 1234
    async with opened(ollama_front) as provider:
        assert (await ready(provider)).context == 1234


async def test_localai_in_ollamas_clothes_is_told(ollama_front: Front) -> None:
    ollama_front.version = "0.9.0"
    async with opened(ollama_front) as provider:
        assert await provider.models(seconds(20))
        ollama_front.localai = True
        with pytest.raises(ProviderMisconfigured, match=r"set providers\.endpoints\.ollama\.backend"):
            await provider.models(seconds(20))


async def test_a_model_that_was_removed_is_named(ollama_front: Front) -> None:
    async with opened(ollama_front) as provider:
        model = await ready(provider)
        ollama_front.name = "other:latest"
        with pytest.raises(ProviderMisconfigured, match=r"model 'qwen2.5-coder:0.5b-base' not found"):
            await text(provider, model)


async def test_nobody_at_home_says_which_command_helps() -> None:
    provider = BACKEND.open("ollama", EndpointSettings(backend="ollama", url="http://127.0.0.1:9"))
    with pytest.raises(Exception, match=r"start it with `ollama serve` or set providers\.endpoints\.ollama\.url"):
        await provider.models(seconds(5))
    await provider.close()
