"""How fast is a workspace indexed, how soon is a second start ready, and how soon is a saved file found?

The baseline is parsing alone: the same files read and parsed by tree-sitter in this process. Throughput counts the
source of every indexed file against the CPU time of the worker that does the work, its start included.
"""

import asyncio
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.options import Options
from bench.processes import fresh_home, memory_of_tree
from bench.report import Bar, Report, Samples
from bench.workspace import count_workspace, long_file, workspace
from copilot_lsp.core.document import document
from copilot_lsp.index.files import files
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.workspace import Workspace, open_workspace
from copilot_lsp.syntax.tree import parse
from copilot_lsp.workers.pool import Workers

_OTHER = """
import asyncio, sys
from pathlib import Path
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.symbols import find
from copilot_lsp.index.workspace import open_workspace
from copilot_lsp.workers.pool import Workers

async def main():
    workspace = await open_workspace(Path(sys.argv[1]), Path(sys.argv[2]), IndexSettings(), Workers(1))
    print("ready", flush=True)
    while name := sys.stdin.readline().strip():
        print(len(find(workspace, name)), flush=True)

asyncio.run(main())
"""


@dataclass(slots=True)
class Peak:
    """The most memory that this process and its workers held together."""

    most: int = 0

    async def watch(self) -> None:
        while True:
            self.most = max(self.most, memory_of_tree(os.getpid()))
            await asyncio.sleep(0.05)


def run(options: Options) -> Report:
    return asyncio.run(measure(workspace(options.workspace), options))


async def measure(root: Path, options: Options) -> Report:
    report = Report("index_build", f"{count_workspace(root):,} lines of Python and what is beside them")
    with fresh_home() as env:
        cache = Path(env["COPILOT_LSP_HOME"]) / "cache"
        await build(report, root, cache)
        report.samples += [
            Samples("second start until everything is looked at", await restarts(root, cache, options.times(5))),
            Samples("save until found in another process", await saves(root, cache, options.times(30))),
        ]
        report.bars += [
            Bar("second start", report.samples[-2].quantile(0.5), 1.0, "s"),
            Bar("save until found, median", report.samples[-1].quantile(0.5) * 1000, 100, "ms"),
        ]
    return report


async def build(report: Report, root: Path, cache: Path) -> None:
    """A cold build with its CPU time and memory, and the baseline beside it."""
    peak, workers = Peak(), Workers(1)
    watching = asyncio.ensure_future(peak.watch())
    began = time.monotonic()
    index = await open_workspace(root, cache, IndexSettings(), workers)
    await index.crawl()
    wall, text = time.monotonic() - began, cpu_of(workers)
    await index.followed()
    vectors = cpu_of(workers) - text
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    alone, parsed = parse_only(index)
    size = index.status.bytes / 1e6
    disk = sum(path.stat().st_size for path in index.folder.iterdir()) / 1e6
    await index.close()
    await workers.close()
    report.samples += [
        Samples("CPU seconds per MB, parsing alone", [alone / parsed], "s"),
        Samples("CPU seconds per MB, text and symbols", [text / size], "s", "CPU seconds per MB, parsing alone"),
        Samples("CPU seconds per MB, vectors", [vectors / size], "s", "CPU seconds per MB, parsing alone"),
    ]
    report.facts |= {
        "indexed": f"{index.status.files:,} files, {size:.1f} MB in {wall:.1f} s; the index takes {disk:.1f} MB",
        "left out": ", ".join(f"{count} {reason}" for reason, count in sorted(index.status.skipped.items())),
    }
    report.bars += [
        Bar("text and symbols", size / text, 5, "MB/s", least=True),
        Bar("vectors", size / vectors, 1.5, "MB/s", least=True),
        Bar("peak memory of all processes", peak.most / 1e6, 500, "MB"),
    ]


def cpu_of(workers: Workers) -> float:
    """CPU seconds that the background worker has used so far; the one that waits for saves is not niced."""
    ours = psutil.Process().nice()
    times = [one.cpu_times() for one in map(psutil.Process, workers.pids) if one.nice() != ours]
    return sum(one.user + one.system for one in times)


def parse_only(index: Workspace) -> tuple[float, float]:
    """CPU seconds to read and parse all files that have a grammar, and their size in MB."""
    began, size = time.process_time(), 0
    for one in files(index):
        if one.language:
            text = (index.root / one.path).read_text("utf-8", "replace")
            parse(document("", text, one.language))
            size += one.size
    return time.process_time() - began, size / 1e6


async def restarts(root: Path, cache: Path, times: int) -> list[float]:
    """Seconds from opening an unchanged workspace, worker processes included, until all its files were looked at."""
    took: list[float] = []
    for _ in range(times):
        workers = Workers(1)
        began = time.perf_counter()
        index = await open_workspace(root, cache, IndexSettings(), workers)
        await index.crawl()
        took.append(time.perf_counter() - began)
        await index.followed()
        await index.close()
        await workers.close()
    return took


async def saves(root: Path, cache: Path, times: int) -> list[float]:
    """Seconds from the event of a save of a 5,000-line file until another process finds what is new in it.

    The file is a copy inside of the workspace, which is removed afterwards.
    """
    workers = Workers(1)
    index = await open_workspace(root, cache, IndexSettings(), workers)
    await index.crawl()
    await index.followed()
    content = long_file(root).read_text("utf-8")
    path = root / "saved_by_the_bench.py"
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _OTHER, root, cache, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert other.stdin is not None
    assert other.stdout is not None
    await other.stdout.readline()
    took: list[float] = []
    try:
        for number in range(times):
            name = f"saved_by_the_bench_{number}"
            path.write_text(f"{content}\n\ndef {name}():\n    pass\n", "utf-8")
            began = time.perf_counter()
            await index.update(path)
            other.stdin.write(f"{name}\n".encode())
            found = await other.stdout.readline()
            took.append(time.perf_counter() - began)
            assert found == b"1\n"
            await index.followed()
    finally:
        path.unlink(missing_ok=True)
        await index.remove(path)
        other.stdin.close()
        await other.wait()
        await index.close()
        await workers.close()
    return took
