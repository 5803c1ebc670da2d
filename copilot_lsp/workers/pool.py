"""Run a function in another process and await its result."""

import asyncio
from collections.abc import Callable

from copilot_lsp.core.errors import WorkerFailed
from copilot_lsp.workers.process import Process
from copilot_lsp.workers.wire import Job

# A process that has grown beyond this is replaced after its job: memory that an allocator keeps would stay with us.
WORN_MEMORY = 256 << 20


class Workers:
    """At most `count` worker processes for jobs that someone waits for, and `count` niced ones for the background.

    They are kept apart because a process cannot raise its own priority again. Each starts when it is first needed
    (about 0.1 s) and stays; `warm` starts one ahead of time. Use it from one event loop.
    """

    def __init__(self, count: int = 1) -> None:
        self._lanes = {False: _Lane(count, nice=False), True: _Lane(count, nice=True)}
        self._closed = False

    async def run(
        self,
        job: str,
        payload: bytes,
        *,
        progress: Callable[[bytes], None] | None = None,
        nice: bool = False,
    ) -> bytes:
        """Run `job`, "package.module:function", a function of (payload, report) that returns bytes.

        `progress` is called on the event loop with what the function reports. Cancelling the awaiting task kills the
        process. Raises `WorkerFailed` when the function raises, the process dies, or this is closed; the next call
        starts a new process.
        """
        lane = self._lanes[nice]
        async with lane.slots:
            if self._closed:
                raise WorkerFailed("the workers are closed")
            process = lane.take()
            try:
                return await process.ask(Job(job, payload), progress)
            except asyncio.CancelledError:
                process.kill()
                raise
            finally:
                lane.give_back(process)

    def warm(self, job: str, payload: bytes) -> None:
        """Have an idle process for jobs that someone waits for run this one, whose result and failure nobody hears.

        It loads what later jobs need. Does nothing while such a process is busy: that one is warm.
        """
        lane = self._lanes[False]
        if self._closed or lane.busy:
            return
        if not lane.idle:
            lane.idle.append(Process(nice=False))
        lane.idle[-1].tell(Job(job, payload))

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of all that run, for memory metrics."""
        processes = [process for lane in self._lanes.values() for process in (*lane.idle, *lane.busy)]
        return tuple(process.pid for process in processes if process.pid is not None)

    async def close(self) -> None:
        """End all processes, idle ones in good order and busy ones by killing them: their jobs raise `WorkerFailed`."""
        self._closed = True
        ending: list[Process] = []
        for lane in self._lanes.values():
            ending += lane.end()
        await asyncio.gather(*(asyncio.to_thread(process.join) for process in ending))


class _Lane:
    def __init__(self, count: int, *, nice: bool) -> None:
        self.nice = nice
        self.slots = asyncio.Semaphore(count)
        self.idle: list[Process] = []
        self.busy: set[Process] = set()

    def take(self) -> Process:
        while self.idle:
            process = self.idle.pop()
            if process.alive:
                break
        else:
            process = Process(self.nice)
        self.busy.add(process)
        return process

    def give_back(self, process: Process) -> None:
        self.busy.discard(process)
        if process.alive and process.peak < WORN_MEMORY:
            self.idle.append(process)
        else:
            process.dismiss()

    def end(self) -> list[Process]:
        for process in self.idle:
            process.dismiss()
        for process in self.busy:
            process.kill()
        ending = [*self.idle, *self.busy]
        self.idle.clear()
        return ending
