"""How much time is ours around a model's answer?

The same prompts go to the same llama.cpp server from us, for a language client, and from a plain HTTP client, by turns
and with the same text in the server's cache. Both go through a recorder, which notes when the first byte of a request
came and when the last byte of its answer went.
"""

import asyncio
import random
import time
from pathlib import Path
from typing import Any

import httpx2

from bench.options import Options
from bench.processes import OURS, cpu_of_tree, fresh_home
from bench.report import Bar, Report, Samples
from bench.servers.llama import Recorded, furnished, ready, recorded_llama
from copilot_lsp.cli.editor import Editor, spawned

FILE = "agents/pool.py"
WORDS = ("what", "comes", "next", "is", "kept", "as", "long", "nobody", "asks", "for", "more", "of", "it", "then")
# A model that writes about as fast as a small one of real weights on a laptop.
DIM, LAYERS = 128, 4


def run(options: Options) -> Report:
    return asyncio.run(measure(options))


async def measure(options: Options) -> Report:
    report = Report("model_overhead", "one answer of a model, asked for by us and by a plain HTTP client")
    with recorded_llama(dim=DIM, layers=LAYERS) as llama, fresh_home() as env:
        root = furnished(Path(env["COPILOT_LSP_HOME"]), llama, "completion.timeout = 9.0")
        async with spawned(OURS, env=env) as editor, httpx2.AsyncClient(base_url=llama.url, timeout=60) as client:
            await editor.initialize(root)
            await ready(editor)
            ours, before, after, plain, work = await compared(editor, client, llama, root / FILE, options)
            await editor.leave()
    report.samples = [
        Samples("plain client", plain),
        Samples("copilot-lsp", ours, baseline="plain client"),
        Samples("request to first byte", before),
        Samples("last byte to answer", after),
        Samples("CPU of ours, reading the stream and the embedded engine included", work),
    ]
    own = Samples("", [one + two for one, two in zip(before, after, strict=True)])
    report.bars = [
        Bar("p95 of our own time", own.quantile(0.95) * 1000, 5, "ms"),
        Bar("median of all over the plain client's", report.ratio(report.samples[1]), 1.05),
    ]
    return report


async def compared(
    editor: Editor, client: httpx2.AsyncClient, llama: Recorded, path: Path, options: Options
) -> tuple[list[float], ...]:
    """Our whole times, what of them is before the model's and after it, the plain client's times, and our CPU."""
    chance = random.Random(options.seed)
    buffer = editor.open(path, "python")
    cursor = buffer.document.position(buffer.text.index("\n\n\n", len(buffer.text) // 2) + 1)
    ours: list[float] = []
    before: list[float] = []
    after: list[float] = []
    plain: list[float] = []
    work: list[float] = []
    assert editor.process
    last: dict[str, Any] = {}
    wanted = options.times(100)
    for _ in range(2 * wanted):
        if len(ours) == wanted:
            break
        cursor = editor.insert(buffer, cursor, f"\n    # {' '.join(chance.sample(WORDS, 5))}")
        await asyncio.sleep(0.3)  # nobody is typing: what a client does about that is measured elsewhere
        await primed(client, last)
        known = len(llama.exchanges())
        worked = cpu_of_tree(editor.process.pid)
        began = time.monotonic()
        items = await editor.at("textDocument/inlineCompletion", buffer, cursor, context={"triggerKind": 2})
        ended = time.monotonic()
        made = [one for one in llama.exchanges()[known:] if one["status"] == 200 and not one["cut"]]
        if len(made) == 1 and items and last:
            ours.append(ended - began)
            work.append(cpu_of_tree(editor.process.pid) - worked)
            before.append(made[0]["arrived"] - began)
            after.append(ended - made[0]["ended"])
            await primed(client, last)
            plain.append(await asked(client, made[0]["body"]))
        last = made[-1]["body"] if made else last
    return ours, before, after, plain, work


async def primed(client: httpx2.AsyncClient, body: dict[str, Any]) -> None:
    """Have the server hold the last prompt in its cache, and nothing more."""
    if body:
        await asked(client, {**body, "n_predict": 1})


async def asked(client: httpx2.AsyncClient, body: dict[str, Any]) -> float:
    """Seconds from a request to the end of its answer."""
    began = time.monotonic()
    async with client.stream("POST", "/completion", json=body) as response:
        async for _ in response.aiter_raw():
            pass
    return time.monotonic() - began
