"""NOT Ollama: a thin front with Ollama's API over a real llama.cpp server.

Ollama cannot be had where these tests run. Since its version 0.30 it runs llama.cpp's server beneath, one for a model,
and puts its templates, its loading and its line format in front; this does the same for the calls that we make. Rules
taken over from it: an empty prompt only loads; a client that leaves while a model loads aborts the loading; `suffix`
needs "insert" and is only used beside a prompt; `raw` takes no template; control tokens in prompts are read as such.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from servers.tiny_http import Asked, Reply, Site, serving

CLOUD = {
    "name": "gpt-oss:120b-cloud",
    "model": "gpt-oss:120b-cloud",
    "size": 384,
    "capabilities": ["completion", "insert"],
}
REMOTE = {
    "name": "work:latest",
    "model": "work:latest",
    "size": 1,
    "capabilities": ["insert"],
    "remote_host": "https://ollama.com:443",
}


@dataclass
class Front:
    """What the front pretends, and what happened to it."""

    llama: str
    name: str = "qwen2.5-coder:0.5b-base"
    capabilities: tuple[str, ...] = ("completion", "insert")
    basename: str = "Qwen2.5"
    tells_capabilities: bool = True  # in /api/tags, as versions from 0.30 on do
    version: str = "0.33.0"
    load_seconds: float = 0.05
    context: int = 4096
    loaded: bool = False
    loads: int = 0
    aborted: int = 0
    localai: bool = False
    site: Site = field(default_factory=lambda: Site(""))

    @property
    def url(self) -> str:
        return self.site.url

    def bodies(self, path: str) -> list[Any]:
        """The bodies of the requests to one path."""
        return [asked.body for asked in self.site.asked if asked.path == path]

    async def answer(self, asked: Asked, reply: Reply) -> None:
        """Answer one request."""
        routes = {
            "/api/version": self._version,
            "/api/tags": self._tags,
            "/api/ps": self._ps,
            "/api/show": self._show,
            "/api/generate": self._generate,
            "/api/chat": self._chat,
            "/api/embed": self._embed,
            "/.well-known/localai.json": self._localai,
        }
        route = routes.get(asked.path)
        if route is None:
            await reply.json({"error": "404 page not found"}, 404)
        elif asked.body and asked.body["model"] != self.name:
            await reply.json({"error": f"model '{asked.body['model']}' not found"}, 404)
        else:
            await route(asked.body, reply)

    async def _version(self, body: Any, reply: Reply) -> None:
        await reply.json({"version": self.version})

    async def _localai(self, body: Any, reply: Reply) -> None:
        await reply.json({"version": "v4.9.0"} if self.localai else {"error": "none"}, 200 if self.localai else 404)

    async def _tags(self, body: Any, reply: Reply) -> None:
        own = {"name": self.name, "model": self.name, "size": 541_344, "details": {"family": "qwen2"}}
        if self.tells_capabilities:
            own["capabilities"] = list(self.capabilities)
        await reply.json({"models": [CLOUD, REMOTE, own]})

    async def _ps(self, body: Any, reply: Reply) -> None:
        row = {"name": self.name, "model": self.name, "size": 541_344, "context_length": self.context}
        await reply.json({"models": [row] if self.loaded else []})

    async def _show(self, body: Any, reply: Reply) -> None:
        about = {"details": {"family": "qwen2"}, "model_info": {"general.basename": self.basename}}
        await reply.json({"template": "", **about, "capabilities": list(self.capabilities)})

    async def _load(self, reply: Reply) -> bool:
        """Whether the model is loaded in the end."""
        if not self.loaded:
            self.loads += 1
            try:
                await asyncio.wait_for(reply.gone.wait(), self.load_seconds)
            except TimeoutError:
                self.loaded = True
            else:
                self.aborted += 1
        return self.loaded

    async def _generate(self, body: Any, reply: Reply) -> None:
        prompt, suffix = body.get("prompt", ""), body.get("suffix", "")
        if suffix and "insert" not in self.capabilities:
            await reply.json({"error": f"registry.ollama.ai/library/{self.name} does not support insert"}, 400)
            return
        if not await self._load(reply):
            return
        if not prompt:
            await reply.json({"model": self.name, "response": "", "done": True, "done_reason": "load"})
            return
        if suffix and not body.get("raw"):
            prompt = f"<|fim_prefix|>{prompt}<|fim_suffix|>{suffix}<|fim_middle|>"
        options = body["options"]
        asked = {"prompt": prompt, "n_predict": options["num_predict"], "temperature": options["temperature"]}
        asked |= {"stop": options.get("stop", []), "stream": True, "cache_prompt": True}
        await self._relay("/completion", asked, reply, lambda row: {"response": row.get("content", "")})

    async def _chat(self, body: Any, reply: Reply) -> None:
        if not await self._load(reply):
            return
        asked = {"messages": body["messages"], "max_tokens": body["options"]["num_predict"], "stream": True}

        def shaped(row: Any) -> dict[str, Any]:
            text = (row["choices"][0]["delta"].get("content") if row.get("choices") else "") or ""
            return {"message": {"role": "assistant", "content": text}}

        await self._relay("/v1/chat/completions", asked, reply, shaped)

    async def _embed(self, body: Any, reply: Reply) -> None:
        async with httpx2.AsyncClient(trust_env=False) as client:
            answer = await client.post(f"{self.llama}/v1/embeddings", json={"input": body["input"]})
        rows = answer.json()["data"]
        await reply.json({"model": self.name, "embeddings": [row["embedding"] for row in rows], "prompt_eval_count": 3})

    async def _relay(self, path: str, asked: Any, reply: Reply, shaped: Any) -> None:
        """Turn llama.cpp's events into Ollama's lines, and stop it when our client leaves."""
        async with httpx2.AsyncClient(trust_env=False, timeout=None) as client, asyncio.TaskGroup() as tasks:
            leaving = tasks.create_task(reply.gone.wait())
            copying = tasks.create_task(self._copy(client, path, asked, reply, shaped))
            await asyncio.wait({leaving, copying}, return_when=asyncio.FIRST_COMPLETED)
            leaving.cancel()
            copying.cancel()

    async def _copy(self, client: httpx2.AsyncClient, path: str, asked: Any, reply: Reply, shaped: Any) -> None:
        async with client.stream("POST", f"{self.llama}{path}", json=asked) as answer:
            if answer.status_code != 200:
                row = json.loads(await answer.aread())
                await reply.json({"error": row["error"]["message"]}, answer.status_code)
                return
            await reply.head(kind="application/x-ndjson")
            async for line in answer.aiter_lines():
                if line.startswith("data: {"):
                    row = json.loads(line[6:])
                    await self._line(reply, shaped(row) | {"done": False})
            done = {"done": True, "done_reason": "stop", "prompt_eval_count": 5, "eval_count": 7}
            await self._line(reply, shaped({}) | done)
            await reply.end()

    async def _line(self, reply: Reply, row: dict[str, Any]) -> None:
        await reply.chunk(json.dumps({"model": self.name, "created_at": "2026-01-01T00:00:00Z"} | row).encode() + b"\n")


@asynccontextmanager
async def fronting(front: Front, port: int = 0) -> AsyncGenerator[Front]:
    """Serve a front until the block is left."""
    async with serving(front.answer, port) as site:
        front.site = site
        yield front
