"""Servers with one fault each. All list a model that completes, so that a request is made and the fault met."""

import asyncio
import gzip
import json

from servers.tiny_http import Asked, Handler, Reply

MODEL = "qwen2.5-coder-faulty"


def faulty(fault: Handler) -> Handler:
    """A server that lists two models as any OpenAI-compatible one, and answers everything else with the fault."""

    async def answer(asked: Asked, reply: Reply) -> None:
        if asked.path == "/v1/models":
            rows = [{"id": name, "object": "model", "owned_by": "someone"} for name in (MODEL, "talker")]
            await reply.json({"object": "list", "data": rows})
        elif asked.method == "GET":
            await reply.json({"error": {"message": "no such path"}}, 404)
        else:
            await fault(asked, reply)

    return answer


def event(text: str, reason: str | None = None) -> bytes:
    """One event of a /v1/completions answer."""
    row = {"object": "text_completion", "choices": [{"index": 0, "text": text, "finish_reason": reason}]}
    return b"data: " + json.dumps(row).encode() + b"\n\n"


async def never(asked: Asked, reply: Reply) -> None:
    """Takes the request and says nothing."""
    await reply.gone.wait()


async def slow_headers(asked: Asked, reply: Reply) -> None:
    """Sends its headers a byte at a time, for ever."""
    await reply.raw(b"HTTP/1.1 200 OK\r\nx: ")
    while not reply.gone.is_set():
        await reply.raw(b"a")
        await asyncio.sleep(0.02)


async def slow_first_token(asked: Asked, reply: Reply) -> None:
    """Begins its answer and keeps the connection alive with comments, but has no token to send."""
    await reply.head(kind="text/event-stream")
    while not reply.gone.is_set():
        await reply.chunk(b": wait\n\n")
        await asyncio.sleep(0.02)


async def stalls(asked: Asked, reply: Reply) -> None:
    """Sends one token, then nothing."""
    await reply.head(kind="text/event-stream")
    await reply.chunk(event("x"))
    await reply.gone.wait()


async def drips(asked: Asked, reply: Reply) -> None:
    """Sends one token, then the next a byte at a time."""
    await reply.head(kind="text/event-stream")
    await reply.chunk(event("x"))
    await reply.chunk(b"data: ")
    while not reply.gone.is_set():
        await reply.chunk(b" ")
        await asyncio.sleep(0.02)


async def endless(asked: Asked, reply: Reply) -> None:
    """Sends a token every 20 ms and never ends."""
    await reply.head(kind="text/event-stream")
    while not reply.gone.is_set():
        await reply.chunk(event("x"))
        await asyncio.sleep(0.02)


async def flood(asked: Asked, reply: Reply) -> None:
    """Sends comments as fast as they are taken, without end."""
    await reply.head(kind="text/event-stream")
    block = b": nothing\n" * 6000
    while not reply.gone.is_set():
        await reply.chunk(block)


async def huge_line(asked: Asked, reply: Reply) -> None:
    """Sends a line without end."""
    await reply.head(kind="text/event-stream")
    await reply.chunk(b"data: ")
    while not reply.gone.is_set():
        await reply.chunk(b"x" * 65536)


async def truncated(asked: Asked, reply: Reply) -> None:
    """Breaks off in the middle of a line."""
    await reply.head(kind="text/event-stream")
    await reply.chunk(event("half an "))
    await reply.chunk(b'data: {"choices": [{"te')
    reply.writer.close()
    raise ConnectionResetError


async def ends_early(asked: Asked, reply: Reply) -> None:
    """Ends as HTTP wants it, but without a last event."""
    await reply.head(kind="text/event-stream")
    await reply.chunk(event("half an "))
    await reply.end()


async def garbage(asked: Asked, reply: Reply) -> None:
    """Sends events that are not JSON."""
    await reply.head(kind="text/event-stream")
    await reply.chunk(b"data: <html>\xff\xfe\n\n")
    await reply.end()


async def deep(asked: Asked, reply: Reply) -> None:
    """Sends JSON that is nested too deep to be read."""
    await reply.head(kind="text/event-stream")
    await reply.chunk(b"data: " + b"[" * 200_000 + b"\n\n")
    await reply.end()


async def not_http(asked: Asked, reply: Reply) -> None:
    """Answers in another language."""
    await reply.raw(b"220 mail.example ESMTP\r\n")
    reply.writer.close()
    raise ConnectionResetError


async def packed(asked: Asked, reply: Reply) -> None:
    """Answers packed with gzip, though that was not asked for."""
    await reply.head(content_encoding="gzip")
    await reply.chunk(gzip.compress(b"\0" * 2**24))
    await reply.end()


async def broken(asked: Asked, reply: Reply) -> None:
    """Status 500, with words that repeat the request."""
    await reply.json({"error": {"message": f"cannot handle {asked.body['prompt']}", "type": "server_error"}}, 500)


async def busy(asked: Asked, reply: Reply) -> None:
    """Status 429, asking to be left alone for 7 seconds."""
    await reply.json({"error": {"message": "too many requests"}}, 429, retry_after="7")


async def loading(asked: Asked, reply: Reply) -> None:
    """Status 503 in llama.cpp's words."""
    await reply.json({"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, 503)


async def refused_key(asked: Asked, reply: Reply) -> None:
    """Status 401, repeating the key that was sent."""
    key = asked.headers.get("authorization", "")
    await reply.json({"error": {"code": 401, "message": f"Invalid key {key}"}}, 401)


async def redirect(asked: Asked, reply: Reply) -> None:
    """Sends elsewhere: to what a cloud machine must not be asked for."""
    await reply.json({}, 307, location="http://169.254.169.254/latest/meta-data/")


async def internal_error(asked: Asked, reply: Reply) -> None:
    """What LocalAI does when it fails in mid-answer: the failure as text, and a reason to end."""
    await reply.head(kind="text/event-stream")
    await reply.chunk(event("x = "))
    await reply.chunk(event("Internal error: rpc error: code = Unknown", "stop"))
    await reply.end()


async def error_in_stream(asked: Asked, reply: Reply) -> None:
    """An error event after the first token."""
    await reply.head(kind="text/event-stream")
    await reply.chunk(event("x"))
    await reply.chunk(b'data: {"error": {"message": "out of memory", "code": 500}}\n\n')
    await reply.end()
