"""How long after a keystroke is the ghost text there, and how often is there one?

A 5,000-line file of a workspace of about 500,000 lines, embedded engine, over stdio, at random places; the time covers
the changes, parsing them, and the answer. Beside it a server answers at once and always the same.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bench.options import Options
from bench.processes import OURS, baseline, cpu_of_tree, fresh_home
from bench.report import Bar, Report, Samples
from bench.typist import Keystroke, keystroke, places, split
from bench.workspace import count_lines, count_workspace, indexed, long_file, workspace
from copilot_lsp.cli.editor import spawned


def run(options: Options) -> Report:
    root = workspace(options.workspace)
    return asyncio.run(measure(root, long_file(root), options))


async def measure(root: Path, path: Path, options: Options) -> Report:
    about = f"{path.relative_to(root)} ({count_lines(path):,} lines) in {root.name} ({count_workspace(root):,} lines)"
    report = Report("inline_completion", about)
    with fresh_home() as env:
        constant, _ = await typed(baseline("constant"), root, path, options, env)
        ours, cpu = await typed(OURS, root, path, options, env)
    filled, empty = split(ours)
    every = [one.seconds for one in ours]
    report.samples = [
        Samples("constant answer", [one.seconds for one in constant]),
        Samples("all answers", every, baseline="constant answer"),
        Samples("with text", filled, baseline="constant answer"),
        Samples("empty", empty, baseline="constant answer"),
    ]
    report.facts = {
        "server CPU per keystroke": f"{cpu / len(ours) * 1000:.1f} ms",
        "the rest of the line, to the character": f"{sum(one.right for one in ours) / len(ours):.0%}",
    }
    report.bars = [
        Bar("p95 of all answers", report.samples[1].quantile(0.95) * 1000, 20, "ms"),
        Bar("share with text", len(filled) / len(ours), 0.5, least=True),
    ]
    return report


async def typed(
    command: Sequence[str], root: Path, path: Path, options: Options, env: dict[str, str]
) -> tuple[list[Keystroke], float]:
    """The keystrokes on one server, and the CPU seconds that it spent on them."""
    async with spawned(command, env=env) as editor:
        await editor.initialize(root)
        buffer = editor.open(path, "python")
        await indexed(editor, command)
        assert editor.process
        before = cpu_of_tree(editor.process.pid)
        found = [
            await keystroke(editor, buffer, place)
            for place in places(buffer.document, options.times(1000), options.seed)
        ]
        cpu = cpu_of_tree(editor.process.pid) - before
        await editor.leave()
    return found, cpu
