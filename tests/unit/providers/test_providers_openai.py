"""Servers other than llama.cpp, by the shapes that they document (recordings, not the servers themselves)."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from servers import recorded
from servers.faults import event
from servers.tiny_http import Asked, Handler, Reply, Site

from copilot_lsp.core.budget import seconds
from copilot_lsp.core.document import document
from copilot_lsp.core.errors import ProviderMisconfigured, ProviderProtocolError, ProviderRejected
from copilot_lsp.core.fill import Chunk, FillLimits, FillRequest
from copilot_lsp.core.text import at
from copilot_lsp.providers.backends.openai_compatible import BACKEND
from copilot_lsp.providers.provider import Message, Model, Provider
from copilot_lsp.providers.settings import EndpointSettings

KNOWN = Model("qwen2.5-coder", frozenset({"fim"}), 4096, "qwen")
Serve = Callable[[Handler], Awaitable[Site]]


@asynccontextmanager
async def opened(site: Site, **settings: object) -> AsyncGenerator[Provider]:
    provider = BACKEND.open("work", EndpointSettings.model_validate({"url": site.url, **settings}))
    try:
        yield provider
    finally:
        await provider.close()


def request(text: str = "before after", column: int = 7, *chunks: Chunk) -> FillRequest:
    return FillRequest(document("file:///a.py", text, "python"), at(0, column), chunks, FillLimits(8))


async def text(provider: Provider, model: Model, asked: FillRequest) -> str:
    return "".join([piece async for piece in provider.complete(asked, model, seconds(5))])


async def test_localai_gets_a_prompt_of_the_family(serve: Serve) -> None:
    site = await serve(recorded.localai)
    async with opened(site) as provider:
        (model,) = await provider.models(seconds(5))
        assert model == Model("qwen2.5-coder-7b", frozenset({"fim", "chat"}), 4096, "qwen", "work")
        # The double answers with the prompt's end; the control token there ends the answer, as if a model wrote it.
        assert await text(provider, model, request()) == ">after"
    body = site.asked[-1].body
    assert body["prompt"] == "<|fim_prefix|>before <|fim_suffix|>after<|fim_middle|>"
    assert len(body["stop"]) <= 4


async def test_llama_cpp_fills_in_by_itself_where_the_family_is_not_known(serve: Serve) -> None:
    async def llama(asked: Asked, reply: Reply) -> None:
        if asked.path == "/infill":
            await reply.head(kind="text/event-stream")
            await reply.chunk(b': ping\n\ndata: {"content": "x", "stop": false}\n\ndata: {"content": "", "stop": true}')
            await reply.end()
        else:
            await reply.json({"data": [{"id": "any", "owned_by": "llamacpp", "meta": {"n_ctx": 1024}}]})

    site = await serve(llama)
    chunks = [Chunk("", f"{name}.py", at(0, 0), f"{name} <|fim_middle|>") for name in ("best", "next")]
    async with opened(site) as provider:
        (model,) = await provider.models(seconds(5))
        assert (model.context, model.family) == (1024, "")
        assert await text(provider, model, request("before <|fim_suffix|>after", 7, *chunks)) == "x"
    body = site.asked[-1].body
    assert (body["input_prefix"], body["input_suffix"]) == ("before ", "<|fim_suffix|>after")
    assert [one["filename"] for one in body["input_extra"]] == ["best.py", "next.py"]
    assert body["input_extra"][0]["text"] == "best <|fim_middle|>"
    assert body["stop"] == ["\n"]
    assert body["n_predict"] == 8
    assert 4000 < body["t_max_predict_ms"] <= 5000


async def test_answers_that_came_to_their_end_share_a_connection(serve: Serve) -> None:
    async def ends(asked: Asked, reply: Reply) -> None:
        await reply.head(kind="text/event-stream")
        await reply.chunk(event("x", "stop") + b"data: [DONE]\n\n")
        await reply.end()

    site = await serve(ends)
    async with opened(site) as provider:
        for _ in range(5):
            assert await text(provider, KNOWN, request()) == "x"
    assert site.connections == 1


async def test_an_answer_without_end_counts_once_it_is_done(serve: Serve) -> None:
    async def lingers(asked: Asked, reply: Reply) -> None:
        await reply.head(kind="text/event-stream")
        await reply.chunk(event("x", "stop") + b"data: [DONE]\n\n")
        await reply.gone.wait()

    async with opened(await serve(lingers)) as provider:
        assert await asyncio.wait_for(text(provider, KNOWN, request()), 2) == "x"


async def test_chunks_are_comments_where_the_family_has_no_files(serve: Serve) -> None:
    site = await serve(recorded.lm_studio)
    async with opened(site) as provider:
        vectors, coder, talker = await provider.models(seconds(5))
        assert vectors.capabilities == {"embed"}
        assert talker.capabilities == {"chat"}
        chunk = Chunk("file:///b.py", "b.py", at(0, 0), "<｜fim▁hole｜>\n")
        await text(provider, coder, request("before after", 7, chunk))
    assert site.asked[-1].body["prompt"] == (
        "<｜fim▁begin｜># From b.py:\n# < ｜fim▁hole｜>\nbefore <｜fim▁hole｜>after<｜fim▁end｜>"
    )


async def test_vllm_says_its_context_and_gets_less_when_it_was_too_much(serve: Serve) -> None:
    site = await serve(recorded.vllm)
    async with opened(site) as provider:
        (model,) = await provider.models(seconds(5))
        assert model.context == 512
        await text(provider, model, request("x" * 5000, 5000))
    sizes = [len(asked.body["prompt"]) for asked in site.asked if asked.body]
    assert sizes[0] > 512 >= sizes[-1]
    assert len(sizes) <= 3


async def test_thinking_is_not_part_of_an_answer(serve: Serve) -> None:
    site = await serve(recorded.lm_studio)
    async with opened(site) as provider:
        model = Model("mistral-small", frozenset({"chat"}), 4096)
        assert [piece async for piece in provider.chat([Message("user", "?")], model, seconds(5))] == ["Yes", "."]


async def test_a_family_that_is_not_known_is_asked_for(serve: Serve) -> None:
    site = await serve(recorded.lm_studio)
    model = Model("mistral-small", frozenset({"fim"}), 4096, endpoint="work")
    async with opened(site) as provider:
        with pytest.raises(ProviderRejected, match=r"set providers\.endpoints\.work\.template"):
            await text(provider, model, request())
    async with opened(site, template="codestral") as provider:
        assert all("fim" in one.capabilities for one in (await provider.models(seconds(5)))[1:])


async def test_ollama_is_told_to_be_reached_by_its_own_backend(serve: Serve) -> None:
    async def ollama(asked: Asked, reply: Reply) -> None:
        await reply.json({"object": "list", "data": [{"id": "a:latest", "owned_by": "library"}]})

    async with opened(await serve(ollama)) as provider:
        with pytest.raises(ProviderMisconfigured, match=r"set providers\.endpoints\.work\.backend to ollama"):
            await provider.models(seconds(5))


@pytest.mark.parametrize(
    "vectors",
    [
        None,
        [],
        [[1.0]],
        [[1.0], [1.0, 2.0]],
        [[], []],
        [[1.0], ["x"]],
        [[1.0], [float("nan")]],
        [[1.0], [10**400]],
        [1, 2],
    ],
)
async def test_vectors_that_are_none_are_refused(serve: Serve, vectors: object) -> None:
    async def odd(asked: Asked, reply: Reply) -> None:
        rows = (
            [{"index": at, "embedding": one} for at, one in enumerate(vectors)]
            if isinstance(vectors, list)
            else vectors
        )
        await reply.json({"data": rows})

    async with opened(await serve(odd)) as provider:
        with pytest.raises(ProviderProtocolError):
            await provider.embed(["a", "b"], Model("m", frozenset({"embed"}), 512), seconds(5))


@pytest.mark.parametrize("listing", [[], {}, {"data": None}, {"data": [1, {"id": 5}, {"id": ""}]}, "text"])
async def test_an_odd_list_of_models_is_empty_or_an_error(serve: Serve, listing: object) -> None:
    async def odd(asked: Asked, reply: Reply) -> None:
        await reply.json(listing)

    async with opened(await serve(odd)) as provider:
        if isinstance(listing, dict):
            assert await provider.models(seconds(5)) == ()
        else:
            with pytest.raises(ProviderProtocolError):
                await provider.models(seconds(5))


@pytest.mark.parametrize(
    ("root", "known", "family"),
    [
        ("Qwen/Qwen2.5-Coder-1.5B", ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|file_sep|>"), "qwen"),
        ("/models/mine", ("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"), "deepseek"),
        ("/models/mine", (), ""),
    ],
)
async def test_vllm_tells_the_family_by_the_models_folder_else_by_its_tokens(
    serve: Serve, root: str, known: tuple[str, ...], family: str
) -> None:
    async def vllm(asked: Asked, reply: Reply) -> None:
        if asked.path == "/tokenize":
            text = asked.body["prompt"]
            for number, token in enumerate(known):
                text = text.replace(token, chr(number))
            await reply.json({"count": len(text), "tokens": list(map(ord, text))})
        else:
            await reply.json({"data": [{"id": "default", "owned_by": "vllm", "root": root, "max_model_len": 8192}]})

    async with opened(await serve(vllm)) as provider:
        (model,) = await provider.models(seconds(5))
    assert (model.family, model.context, "fim" in model.capabilities) == (family, 8192, bool(family))
