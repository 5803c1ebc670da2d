"""What do twenty editors on one server cost each other?

Ten sessions share a workspace, ten have one each; every one types five keys a second in a 500-line file that only it
has open, and asks for ghost text after each key. Beside it: the first session alone on the same server.
"""

import asyncio
import re
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.options import Options
from bench.processes import fresh_home
from bench.report import Bar, Report, Samples
from copilot_lsp.cli.buffer import Buffer
from copilot_lsp.cli.editor import Editor, connected
from copilot_lsp.core.text import Position, Span

_SESSIONS = 20
_SHARING = 10
_KEYS_PER_SECOND = 5
_LINES = 500
# The numbers in what stands in unsaved text only.
_SECRET = re.compile(r"(?:session|argument)_(\d+)")


@dataclass(slots=True)
class Typist:
    """One session. `leaks` are answers with what only another session's unsaved text has."""

    editor: Editor
    buffer: Buffer
    number: int
    seconds: list[float] = field(default_factory=list[float])
    filled: int = 0
    leaks: list[str] = field(default_factory=list[str])


def run(options: Options) -> Report:
    return asyncio.run(measure(seconds=max(2.0, 20.0 * options.effort)))


async def measure(seconds: float) -> Report:
    report = Report("sessions", f"{_SESSIONS} sessions on one server, {_KEYS_PER_SECOND} keys a second each")
    with fresh_home() as env:
        home = Path(env["COPILOT_LSP_HOME"])
        async with serving(home, env) as (process, address), AsyncExitStack() as editors:
            typists = [await joined(editors, address, home, 0)]
            await type_together(typists, seconds / 2)
            alone, first_memory = typists[0].seconds, process.memory_info().rss
            typists += [await joined(editors, address, home, number) for number in range(1, _SESSIONS)]
            await type_together(typists, 1.0)
            for typist in typists:
                typist.seconds = []
            busy, wall = loop_cpu(process), time.monotonic()
            await type_together(typists, seconds)
            idle = 1 - (loop_cpu(process) - busy) / (time.monotonic() - wall)
            memory = (process.memory_info().rss - first_memory) / (_SESSIONS - 1)
            left = await survivors(typists)
    together = [one for typist in typists for one in typist.seconds]
    report.samples = [
        Samples("one session", alone),
        Samples(f"{_SESSIONS} sessions", together, baseline="one session"),
    ]
    filled, asked = sum(one.filled for one in typists), len(together) + len(alone)
    report.facts = {"answers with text": f"{filled / asked:.0%}", "time": f"{seconds:.0f} s of typing together"}
    alone_p95 = report.samples[0].quantile(0.95)
    report.bars = [
        Bar("p95 over that of one session", report.samples[1].quantile(0.95) / alone_p95, 2),
        Bar("memory of a further session", memory / 1e6, 2, "MB"),
        Bar("loop idle", idle * 100, 30, "%", least=True),
        Bar("answers with another session's unsaved text", sum(len(one.leaks) for one in typists), 0),
        Bar("sessions that work on after others were cut off", left, _SESSIONS // 2, least=True),
    ]
    return report


@asynccontextmanager
async def serving(home: Path, env: dict[str, str]) -> AsyncGenerator[tuple[psutil.Process, Path]]:
    """A server for many editors, and the socket it listens on."""
    address = home / "editors.sock"
    command = (sys.executable, "-P", "-m", "copilot_lsp", "serve", "--socket", str(address))
    server = await asyncio.create_subprocess_exec(*command, env=env, stdout=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(20):
            while not address.exists():  # noqa: ASYNC110  # the socket is what tells that it listens
                await asyncio.sleep(0.05)
        yield psutil.Process(server.pid), address
    finally:
        server.terminate()
        await server.wait()


async def joined(editors: AsyncExitStack, address: Path, home: Path, number: int) -> Typist:
    """A further session with its file open and its workspace prepared."""
    folder = home / ("shared" if number < _SHARING else f"own-{number}")
    folder.mkdir(exist_ok=True)
    path = folder / f"orders_{number}.py"
    path.write_text(source(number), encoding="utf-8")
    editor = await editors.enter_async_context(connected(address))
    await editor.initialize(folder)
    secret = f"    return unsaved_secret_of_session_{number}(argument_{number})\n"
    unsaved = f"{path.read_text(encoding='utf-8')}\n\ndef uses():\n{secret * 4}"
    typist = Typist(editor, editor.open(path, "python", unsaved), number)
    if number == 0 or number >= _SHARING:
        # Whoever joins a workspace that is prepared already is not told about it.
        await editor.hear("$/progress", lambda one: one["value"]["kind"] == "end", within=60)
    return typist


async def type_together(typists: Sequence[Typist], seconds: float) -> None:
    """Let all of them type for a while, each at its own beat."""
    async with asyncio.TaskGroup() as tasks:
        for number, typist in enumerate(typists):
            tasks.create_task(type_for(typist, seconds, offset=number / len(typists) / _KEYS_PER_SECOND))


async def type_for(typist: Typist, seconds: float, offset: float) -> None:
    """Type the same two lines over and over: one that would betray another session, one that the file has often."""
    await asyncio.sleep(offset)
    end = time.monotonic() + seconds
    text = "    return unsaved_secret_of_\n    total = sum(line.amount for line in order.lines)\n"
    while time.monotonic() < end:
        start = cursor = typist.buffer.document.end
        for key in text:
            due = time.monotonic() + 1 / _KEYS_PER_SECOND
            cursor = typist.editor.insert(typist.buffer, cursor, key)
            await ask(typist, cursor)
            if time.monotonic() > end:
                break
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        typist.editor.replace(typist.buffer, Span(start, cursor), "")


async def ask(typist: Typist, cursor: Position) -> None:
    begun = time.perf_counter()
    items = await typist.editor.inline(typist.buffer, cursor)
    typist.seconds.append(time.perf_counter() - begun)
    typist.filled += bool(items)
    for item in items:
        if any(int(found) != typist.number for found in _SECRET.findall(item["insertText"])):
            typist.leaks.append(item["insertText"])


async def survivors(typists: Sequence[Typist]) -> int:
    """Cut every second session off without a word; how many of the others still answer."""
    for typist in typists[::2]:
        typist.editor.writer.transport.abort()
    alive = 0
    for typist in typists[1::2]:
        cursor = typist.editor.insert(typist.buffer, typist.buffer.document.end, "    total = ")
        await typist.editor.inline(typist.buffer, cursor)
        alive += await typist.editor.leave() is None
    return alive


def loop_cpu(process: psutil.Process) -> float:
    """CPU seconds of the thread that runs the server's event loop."""
    own = next(thread for thread in process.threads() if thread.id == process.pid)
    return own.user_time + own.system_time


def source(number: int) -> str:
    """A file of 500 lines, different for each session."""
    functions = (
        f"def total_{number}_{index}(order):\n"
        f"    total = sum(line.amount for line in order.lines)\n"
        f"    if order.kind == {index}:\n"
        f"        return total * rate_{index % 7}\n"
        f"    return total\n"
        for index in range(_LINES // 5)
    )
    return "".join(functions)
