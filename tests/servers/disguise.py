"""A real llama.cpp server, listed as a server that we know nothing of: it is then asked as such."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx2
from servers.tiny_http import Asked, Reply, Site, serving


@asynccontextmanager
async def disguised(llama: str, name: str = "qwen2.5-coder-random") -> AsyncGenerator[Site]:
    """Pass on everything but the list of models and the paths that only llama.cpp has."""

    async def answer(asked: Asked, reply: Reply) -> None:
        if asked.path == "/v1/models":
            await reply.json({"object": "list", "data": [{"id": name, "object": "model", "owned_by": "me"}]})
            return
        if not asked.path.startswith("/v1/"):
            await reply.json({"error": "not found"}, 404)
            return
        async with (
            httpx2.AsyncClient(trust_env=False, timeout=None) as client,
            client.stream(asked.method, f"{llama}{asked.path}", json=asked.body) as source,
        ):
            await reply.head(source.status_code, source.headers["content-type"])
            async for block in source.aiter_raw():
                if reply.gone.is_set():
                    return
                await reply.chunk(block)
            await reply.end()

    async with serving(answer) as site:
        yield site
