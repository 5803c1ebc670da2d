"""Does the server's event loop stall while the workspace is indexed and someone types?

A 5,000-line file of a workspace of about 500,000 lines, quotes and brackets included. An idle loop in a process of its
own runs beside the same indexers: what it suffers is the machine's doing.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.options import Options
from bench.processes import OURS, ROOT, fresh_home
from bench.report import Bar, Report, Samples
from bench.workspace import count_lines, count_workspace, indexed, long_file, workspace
from copilot_lsp.cli.editor import Editor, spawned
from copilot_lsp.core.text import Position, Span

_PROBE = (sys.executable, str(ROOT / "bench" / "servers" / "probe.py"))
# What is typed, over and over at different places: half of the time a quote or bracket is open and the rest of the file
# parses as something else.
_TYPED = 'value = {"key": [f(x, \'it\'), """text""", (1, 2)]}  # note'
_KEYS_PER_SECOND = 10
_STALL = 0.005


@dataclass(frozen=True, slots=True)
class Lateness:
    """What a probe wrote down in `seconds`: how late each waking was, and how much of that the process computed itself.

    `own` counts the loop's thread alone, `process` also its other threads, which hold up the loop by the GIL. Where
    both are small, the loop was late because the machine had no core for it.
    """

    late: list[float]
    own: list[float]
    process: list[float]
    seconds: float

    def facts(self, who: str) -> dict[str, str]:
        """One line for each of the three."""
        return {
            f"{who}, {what}": f"worst {max(values, default=0.0) * 1000:.1f} ms, "
            f"over 5 ms {share(values, self.seconds):.2%} of the time"
            for what, values in (("late", self.late), ("own CPU", self.own), ("all threads' CPU", self.process))
        }


def share(values: Sequence[float], seconds: float) -> float:
    """The share of the time that was spent in stalls."""
    return sum(value for value in values if value > _STALL) / seconds


def run(options: Options) -> Report:
    root = workspace(options.workspace)
    return asyncio.run(measure(root, long_file(root)))


async def measure(root: Path, path: Path) -> Report:
    about = f"typing in {path.name} ({count_lines(path):,} lines) while {count_workspace(root):,} lines are indexed"
    report = Report("loop_stall", about)
    with fresh_home() as env:
        home = Path(env["COPILOT_LSP_HOME"])
        server_file, idle_file = home / "server.json", home / "idle.json"
        idle = await asyncio.create_subprocess_exec(*_PROBE, idle_file, "idle", stdin=asyncio.subprocess.PIPE)
        server = [*_PROBE, str(server_file), *OURS[OURS.index("copilot_lsp") :]]
        async with spawned(server, cwd=ROOT, env=env) as editor:
            answers, begun, ended, keys = await session(editor, root, path)
            await editor.leave()
        await idle.communicate(b"")  # without input, Python 3.11 leaves the pipe open
        ours, theirs = between(server_file, begun, ended), between(idle_file, begun, ended)
        start = between(server_file, answers, begun)
    report.samples = [
        Samples("idle loop, wakings late by 1 ms or more", theirs.late),
        Samples("server's loop, wakings late by 1 ms or more", ours.late),
        Samples("ghost text meanwhile", keys),
    ]
    report.facts = {
        "time": f"{ended - begun:.1f} s of indexing, {len(keys)} keys",
        **theirs.facts("idle loop"),
        **ours.facts("server's loop"),
        **start.facts(f"server's first {start.seconds:.1f} s"),
    }
    report.bars = [
        Bar("worst stall of the server's loop", max(ours.late, default=0.0) * 1000, 50, "ms"),
        Bar("time in stalls over 5 ms", share(ours.late, ours.seconds) * 100, 1, "%"),
    ]
    return report


async def session(editor: Editor, root: Path, path: Path) -> tuple[float, float, float, list[float]]:
    """When `initialize` was answered, when indexing began and ended, and the seconds of each ghost text meanwhile."""
    await editor.initialize(root)
    answered = time.monotonic()
    buffer = editor.open(path, "python")
    await editor.hear("$/progress", lambda one: one["value"]["kind"] == "begin")
    begun = time.monotonic()
    keys: list[float] = []
    async with asyncio.TaskGroup() as tasks:
        indexing = tasks.create_task(indexed(editor, OURS))
        line = 0
        while not indexing.done():
            line = (line + 37) % buffer.document.line_count
            cursor = start = Position(line, len(buffer.document.line(line)))
            for key in _TYPED:
                cursor = editor.insert(buffer, cursor, key)
                asked = time.perf_counter()
                await editor.inline(buffer, cursor)
                keys.append(time.perf_counter() - asked)
                await asyncio.sleep(1 / _KEYS_PER_SECOND)
                if indexing.done():
                    break
            editor.replace(buffer, Span(start, cursor), "")
    return answered, begun, time.monotonic(), keys


def between(file: Path, begun: float, ended: float) -> Lateness:
    """A probe's notes from one moment to another."""
    rows: Sequence[tuple[float, float, float, float]] = json.loads(file.read_text(encoding="utf-8"))
    within = [(late, own, process) for when, late, own, process in rows if begun <= when <= ended]
    return Lateness(
        [late for late, _, _ in within],
        [min(own, late) for late, own, _ in within],
        [min(process, late) for late, _, process in within],
        ended - begun,
    )
