"""How long is the server busy with one typed character before it can answer anything else?

Each change is followed by a request that no server knows: its error answer comes when the change has been taken in.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bench.options import Options
from bench.processes import OURS, baseline, cpu_of_tree, fresh_home
from bench.report import Report, Samples
from bench.typist import places
from bench.workspace import count_lines, indexed, long_file, workspace
from copilot_lsp.cli.connection import ServerError
from copilot_lsp.cli.editor import Editor, spawned
from copilot_lsp.core.text import Span

# Quotes and brackets change how the rest of the file parses; letters do not.
_KEYS = "abcdefgh _.,:=()[]{}\"'#\n"


def run(options: Options) -> Report:
    path = long_file(workspace(options.workspace))
    report = Report("did_change", f"one character typed and deleted in {path.name} ({count_lines(path):,} lines)")
    constant, cheap = asyncio.run(typed(baseline("constant"), path, options))
    ours, cpu = asyncio.run(typed(OURS, path, options))
    report.samples = [
        Samples("documents only", constant),
        Samples("copilot-lsp", ours, baseline="documents only"),
    ]
    report.facts = {
        "CPU per change": f"{cpu / len(ours) * 1000:.2f} ms; documents only: {cheap / len(ours) * 1000:.2f} ms",
    }
    return report


async def typed(command: Sequence[str], path: Path, options: Options) -> tuple[list[float], float]:
    """Seconds from each change to the answer of the request behind it, and the server's CPU seconds for all."""
    chance = random.Random(options.seed)
    seconds: list[float] = []
    with fresh_home() as env:
        async with spawned(command, env=env) as editor:
            await editor.initialize(path.parent)
            buffer = editor.open(path, "python")
            await indexed(editor, command)
            assert editor.process
            before = cpu_of_tree(editor.process.pid)
            for place in places(buffer.document, options.times(250), options.seed):
                span = Span(place, place)
                for text in (chance.choice(_KEYS), ""):
                    begun = time.perf_counter()
                    span = Span(place, editor.replace(buffer, span, text))
                    await answered(editor)
                    seconds.append(time.perf_counter() - begun)
            cpu = cpu_of_tree(editor.process.pid) - before
            await editor.leave()
    return seconds, cpu


async def answered(editor: Editor) -> None:
    """Wait until the server has taken in everything sent so far."""
    with suppress(ServerError):
        await editor.request("copilot-lsp/nothing", None)
