"""Pass HTTP on to a model server and write down every completion: what was asked, what came, and when.

    python recorder.py UPSTREAM_PORT FILE

Prints its own port. Each completion becomes one line of JSON in FILE when it is over: `arrived` and `ended` are the
moments (monotonic) of its first byte and of the last byte of its answer, `text` what was written, `pieces` in how many
tokens, `cut` whether the client hung up before the end, `timings` what the server says of it, `status` and `body`.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncGenerator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

COMPLETIONS = ("/completion", "/infill", "/v1/completions")
_LIMIT = 1 << 24


@dataclass
class Exchange:
    """One completion."""

    arrived: float
    body: Any
    status: int = 0
    text: str = ""
    pieces: int = 0
    cut: bool = True
    ended: float = 0.0
    timings: dict[str, Any] = field(default_factory=dict[str, Any])

    def read(self, block: bytes) -> None:
        """Take note of a part of the answer: a number of whole events, as llama.cpp sends them."""
        for line in block.split(b"\n"):
            if line.startswith(b"data: {"):
                event = json.loads(line[6:])
                self.text += event.get("content", "")
                self.pieces += bool(event.get("tokens"))
                self.timings = event.get("timings", self.timings)


async def serve(upstream: int, file: Path) -> None:
    """Pass on until standard input ends."""
    with file.open("a", encoding="utf-8") as log:

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while await exchange(reader, writer, upstream, log):
                    pass
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=_LIMIT)
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)
        server.close()


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, upstream: int, log: Any) -> bool:
    """Pass one request and its answer on. False when the client has hung up."""
    first = await reader.read(1)
    if not first:
        return False
    arrived = time.monotonic()
    head = first + await reader.readuntil(b"\r\n\r\n")
    body = await reader.readexactly(length(head))
    # A connection of its own: llama.cpp closes one after a streamed answer.
    back, forth = await asyncio.open_connection("127.0.0.1", upstream, limit=_LIMIT)
    forth.write(head + body)
    path = head.split(b" ", 2)[1].decode()
    one = Exchange(arrived, json.loads(body) if body else None)
    hung_up = asyncio.create_task(reader.read(1))
    passing = asyncio.create_task(answer(back, writer, one))
    await asyncio.wait((hung_up, passing), return_when=asyncio.FIRST_COMPLETED)
    one.cut = not passing.done()
    one.ended = time.monotonic()
    for task in (hung_up, passing):
        task.cancel()
    await asyncio.gather(hung_up, passing, return_exceptions=True)
    forth.close()
    if path in COMPLETIONS:
        log.write(json.dumps(asdict(one)) + "\n")
        log.flush()
    return not one.cut


async def answer(back: asyncio.StreamReader, writer: asyncio.StreamWriter, one: Exchange) -> None:
    """Pass a whole answer on."""
    head = await back.readuntil(b"\r\n\r\n")
    one.status = int(head.split(b" ", 2)[1])
    writer.write(head)
    async for block in blocks(back, head):
        one.read(block)
        writer.write(block)
    await writer.drain()


async def blocks(back: asyncio.StreamReader, head: bytes) -> AsyncGenerator[bytes]:
    """The body of an answer as it is on the wire, in chunks where it comes so."""
    if b"chunked" not in head.lower():
        yield await back.readexactly(length(head))
        return
    size = 1
    while size:
        line = await back.readline()
        size = int(line, 16)
        yield line + await back.readexactly(size + 2)


def length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
