"""How late is an event loop? Runs a program's loop with a sleeper beside it and writes down each late waking.

`probe.py FILE idle` watches a loop that does nothing until its standard input ends; `probe.py FILE MODULE ARG ...` runs
a module as `python -m` does. FILE gets a JSON list of [when on the monotonic clock, seconds late, CPU seconds of the
loop's thread and of the whole process since the last waking]. The program itself is the one that users run, unchanged.
"""

import asyncio
import json
import runpy
import sys
import time
from asyncio import runners
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

# Short against the stalls that are looked for (5 ms), long enough to cost little: about 1 % of a core.
_EVERY = 0.002
_WORTH_NOTING = 0.001


async def watch(late: list[tuple[float, float, float, float]]) -> None:
    """Note every late waking until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due, thread, process = loop.time() + _EVERY, time.thread_time(), time.process_time()
        await asyncio.sleep(_EVERY)
        now = loop.time()
        if now - due > _WORTH_NOTING:
            late.append((now, now - due, time.thread_time() - thread, time.process_time() - process))


async def watched(work: Coroutine[Any, Any, Any], file: Path) -> Any:
    """The result of a coroutine whose loop is watched meanwhile."""
    late: list[tuple[float, float, float, float]] = []
    watching = asyncio.create_task(watch(late))
    try:
        return await work
    finally:
        watching.cancel()
        # Nothing else runs any more that a blocking write could delay.
        file.write_text(json.dumps(late), encoding="utf-8")  # noqa: ASYNC240


def main() -> None:
    file, module = Path(sys.argv[1]), sys.argv[2]
    if module == "idle":
        asyncio.run(watched(asyncio.to_thread(sys.stdin.read), file))
        return
    run = runners.Runner.run
    runners.Runner.run = lambda self, work, **more: run(self, watched(work, file), **more)
    sys.argv = sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


main()
