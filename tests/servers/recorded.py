"""NOT servers: answers in the shapes that LocalAI, vLLM and LM Studio document, where those differ from llama.cpp.

Each model "completes" with the prompt's last twenty characters, so that a test sees what it was given.
"""

from servers.faults import event
from servers.tiny_http import Asked, Reply


async def localai(asked: Asked, reply: Reply) -> None:
    """LocalAI: models without owner, no finish reason but "stop", no usage, empty fields left out."""
    if asked.path == "/v1/models":
        await reply.json({"object": "list", "data": [{"id": "qwen2.5-coder-7b", "object": "model"}]})
    elif asked.path == "/.well-known/localai.json":
        await reply.json({"version": "v4.9.0"})
    elif asked.path == "/v1/completions":
        await _complete(asked, reply, done=True)
    else:
        await reply.json({"error": {"code": 404, "message": "not found", "type": "invalid_request_error"}}, 404)


async def vllm(asked: Asked, reply: Reply) -> None:
    """vLLM: says how much a model can read, and refuses more in its own words."""
    if asked.path == "/v1/models":
        row = {"id": "Qwen/Qwen2.5-Coder-1.5B", "object": "model", "owned_by": "vllm", "max_model_len": 512}
        await reply.json({"object": "list", "data": [row]})
    elif asked.path == "/v1/completions" and len(asked.body["prompt"]) > 512:
        words = f"This model's maximum context length is 512 tokens. However, you requested {len(asked.body['prompt'])}"
        await reply.json({"object": "error", "message": words, "type": "BadRequestError", "code": 400}, 400)
    elif asked.path == "/v1/completions":
        await _complete(asked, reply, done=True)
    else:
        await reply.json({"detail": "Not Found"}, 404)


async def lm_studio(asked: Asked, reply: Reply) -> None:
    """LM Studio: a server of which we know nothing in particular; this one never sends [DONE]."""
    if asked.path == "/v1/models":
        rows = [
            {"id": "text-embedding-nomic-embed-text-v1.5", "object": "model", "owned_by": "organization_owner"},
            {"id": "deepseek-coder-6.7b-base", "object": "model", "owned_by": "organization_owner"},
            {"id": "mistral-small", "object": "model", "owned_by": "organization_owner"},
        ]
        await reply.json({"object": "list", "data": rows})
    elif asked.path == "/v1/completions":
        await _complete(asked, reply, done=False)
    elif asked.path == "/v1/chat/completions":
        await reply.head(kind="text/event-stream")
        for text in (None, "<thi", "nk>hm, ", "well</think>", "\n\nYes", "."):
            await reply.chunk(_turn(text))
        await reply.chunk(b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\n')
        await reply.end()
    else:
        await reply.json({"error": "Unexpected endpoint or method"}, 404)


async def _complete(asked: Asked, reply: Reply, *, done: bool) -> None:
    await reply.head(kind="text/event-stream")
    await reply.chunk(event(asked.body["prompt"][-20:-5]))
    await reply.chunk(event(asked.body["prompt"][-5:], "stop"))
    if done:
        await reply.chunk(b"data: [DONE]\n\n")
    await reply.end()


def _turn(text: str | None) -> bytes:
    quoted = "null" if text is None else '"' + text.replace("\n", "\\n") + '"'
    return b'data: {"choices": [{"index": 0, "delta": {"content": %s}}]}\n\n' % quoted.encode()
