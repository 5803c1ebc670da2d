"""How long does a user wait after opening an editor? From spawn to `initialize`, and to the first ghost text."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import psutil

from bench.options import Options
from bench.processes import OURS, ROOT, baseline, cpu_of_tree, fresh_home
from bench.report import Bar, Report, Samples
from copilot_lsp.cli.editor import CAPABILITIES, spawned
from copilot_lsp.cli.wire import frame

# A small project whose open file alone must be enough to complete from.
_SOURCE = """
def read_settings(path):
    with open(path, encoding="utf-8") as stream:
        return parse_settings(stream.read())


def read_profile(path):
    with open(path, encoding="utf-8") as stream:
        return parse_profile(stream.read())


def read_history(path):
    with open(path, encoding="utf-8")
"""
_TYPED = 'with open(path, encoding="utf-8")'


def run(options: Options) -> Report:
    report = Report("start_up", "from spawn to an answer; CPU includes the child processes")
    ours, bare = to_initialize(options.times(15))
    version, python = version_cpu(options.times(15))
    cold, warm = asyncio.run(to_ghost_text(options.times(9)))
    report.samples = [
        Samples("bare pygls, CPU to initialize", bare),
        Samples("copilot-lsp, CPU to initialize", ours, baseline="bare pygls, CPU to initialize"),
        Samples("python -c pass, CPU", python),
        Samples("copilot-lsp --version, CPU", version, baseline="python -c pass, CPU"),
        Samples("spawn to first ghost text, cold", cold),
        Samples("spawn to first ghost text, warm", warm),
    ]
    report.bars = [
        Bar("CPU to initialize over bare pygls", median(ours) / median(bare), 1.6),
        Bar("--version CPU", median(version) * 1000, 100, "ms"),
        Bar("first ghost text, cold, median", median(cold), 1.0, "s"),
        Bar("first ghost text, warm, median", median(warm), 1.0, "s"),
    ]
    return report


def to_initialize(rounds: int) -> tuple[list[float], list[float]]:
    """CPU seconds until `initialize` is answered, ours and the bare server's, in alternating runs."""
    ours: list[float] = []
    bare: list[float] = []
    with fresh_home() as env:
        for _ in range(rounds):
            bare.append(initialize_cpu(baseline("bare"), env))
            ours.append(initialize_cpu(OURS, env))
    return ours, bare


def initialize_cpu(command: tuple[str, ...], env: dict[str, str]) -> float:
    """CPU seconds of a server and its children up to the answer to `initialize`.

    The server is stopped the moment the answer is there, so that what it does afterwards is not counted.
    """
    params = {"processId": os.getpid(), "rootUri": ROOT.as_uri(), "capabilities": CAPABILITIES}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=env
    ) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(frame({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}))
        child.stdin.flush()
        header = child.stdout.readline()
        process = psutil.Process(child.pid)
        process.suspend()
        spent = cpu_of_tree(child.pid)
        assert header, f"{command} ended before it answered"
        for descendant in process.children(recursive=True):
            descendant.kill()
        child.kill()
    return spent


def version_cpu(rounds: int) -> tuple[list[float], list[float]]:
    """CPU seconds of `--version`, and of a Python that does nothing."""
    version = [*OURS[:-1], "--version"]
    nothing = [sys.executable, "-P", "-c", "pass"]
    pairs = [(whole_cpu(version), whole_cpu(nothing)) for _ in range(rounds)]
    return [ours for ours, _ in pairs], [theirs for _, theirs in pairs]


def whole_cpu(command: list[str]) -> float:
    """CPU seconds of a command from start to end, by the kernel's account of ended children."""
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


async def to_ghost_text(rounds: int) -> tuple[list[float], list[float]]:
    """Seconds from spawn to the first ghost text with an empty cache each time, and with what the run before left."""
    cold: list[float] = []
    warm: list[float] = []
    for _ in range(rounds):
        with fresh_home() as env:
            cold.append(await first_ghost_text(env))
            warm.append(await first_ghost_text(env))
    return cold, warm


async def first_ghost_text(env: dict[str, str]) -> float:
    folder = Path(env["COPILOT_LSP_HOME"]) / "project"
    folder.mkdir(exist_ok=True)
    path = folder / "settings.py"
    path.write_text(_SOURCE, encoding="utf-8")
    begun = time.monotonic()
    async with spawned(OURS, env=env) as editor:
        await editor.initialize(folder)
        buffer = editor.open(path, "python")
        place = buffer.document.position(buffer.text.rindex(_TYPED) + len(_TYPED))
        cursor = editor.insert(buffer, place, " ")
        while not await editor.inline(buffer, cursor):
            if time.monotonic() - begun > 20:
                raise TimeoutError("no ghost text within 20 s")
            await asyncio.sleep(0.01)
        seconds = time.monotonic() - begun
        await editor.leave()
    return seconds
