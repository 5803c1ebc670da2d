"""Does a server that is sent anything at all live on, answer each request exactly once, and keep its size?"""

import asyncio
import os
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
import pytest
from fuzz import Fuzz
from raw import Child, Message, spawned

SEED = int(os.environ.get("FUZZ_SEED", "2026"))
# Rings, caches and the allocator's pools fill in the beginning; what grows after that grows for ever.
WARM_UP = 4_000
GROWTH = 10 << 20
CAPABILITIES = {
    "hover": {},
    "inlineCompletion": {},
    "codeAction": {"codeActionLiteralSupport": {}, "dataSupport": True, "resolveSupport": {"properties": ["edit"]}},
    "completion": {"completionItem": {"resolveSupport": {"properties": ["documentation"]}}},
}


async def test_twenty_thousand_messages(tmp_path: Path) -> None:
    await survive(tmp_path, 20_000, {**CAPABILITIES, "diagnostic": {}})


@pytest.mark.verify
async def test_a_hundred_thousand_messages(tmp_path: Path) -> None:
    await survive(tmp_path, 100_000, CAPABILITIES)


async def survive(tmp_path: Path, count: int, capabilities: dict[str, Any]) -> None:
    async with spawned(tmp_path) as client:
        await client.begin(textDocument=capabilities, window={"workDoneProgress": True})
        fuzz, answered = Fuzz(SEED), Counter[Any]()
        process = psutil.Process(client.process.pid)
        listening = asyncio.create_task(listen(client, answered))
        try:
            await send(client, fuzz, WARM_UP, answered)
            before = process.memory_info().rss
            await send(client, fuzz, count - WARM_UP, answered)
            grown = process.memory_info().rss - before
        finally:
            listening.cancel()
        print(f"{count} messages, {fuzz.asked.total()} requests, {before >> 10} kB grown by {grown >> 10} kB")
        assert client.process.returncode is None
        assert answered == fuzz.asked
        assert grown <= GROWTH
    assert (await client.process.wait()) is not None


async def send(client: Child, fuzz: Fuzz, count: int, answered: Counter[Any]) -> None:
    """Send so many messages, in pieces of any size, and wait until every request has its answer."""
    stream = bytearray()
    for message in fuzz.messages(count):
        stream += message
        if len(stream) > fuzz.random.randrange(1, 20_000):
            cut = fuzz.random.randrange(len(stream) // 2, len(stream) + 1)
            client.writer.write(bytes(stream[:cut]))
            del stream[:cut]
            await client.writer.drain()
    client.writer.write(bytes(stream))
    async with asyncio.timeout(120):
        while answered.total() < fuzz.asked.total():  # noqa: ASYNC110 - counts what another process sends
            await asyncio.sleep(0.02)
    # An answer too many would come now.
    await asyncio.sleep(0.3)


async def listen(client: Child, answered: Counter[Any]) -> None:
    while True:
        message: Message = await client.next(within=120)
        client.messages.clear()
        if "method" in message and "id" in message:
            client.send({"jsonrpc": "2.0", "id": message["id"], "result": None})
        elif "method" not in message and message["id"] is not None:
            answered[message["id"]] += 1
