"""The entry point of a worker process: runs one job after the other until its parent closes the pipe or dies."""

import contextlib
import gc
import os
import queue
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from copilot_lsp.workers.wire import DONE, FAILED, PROGRESS, Answer, Job, Pipe, decode_job, encode_answer

Report = Callable[[bytes], None]
Function = Callable[[bytes, Report], bytes]

# More than any job of ours needs (a crawl of 18 MB of source peaks below 150 MB), less than what hurts a laptop.
DATA_LIMIT = 2 << 30
NICENESS = 10
# Jobs make many small objects, hardly any of them in cycles: looking for those after every 700, as is the default, cost
# a crawl 2 to 4 % of its time.
_COLLECT_AFTER = 50_000


def main(arguments: list[str]) -> int:
    """`arguments` are the inherited pipe end and "nice" or "normal"."""
    pipe = open_pipe(int(arguments[0]))
    limit_memory()
    gc.set_threshold(_COLLECT_AFTER)
    if arguments[1] == "nice" and sys.platform != "win32":
        os.nice(NICENESS)
    jobs: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    busy = threading.Event()
    threading.Thread(target=listen, args=(pipe, jobs, busy), daemon=True).start()
    while (message := jobs.get()) is not None:
        # A parent that went away while the job ran cannot be told; the listener ends this process.
        with contextlib.suppress(OSError):
            pipe.send_bytes(encode_answer(run(decode_job(message), pipe)))
        busy.clear()
    return 0


def listen(pipe: Pipe, jobs: "queue.SimpleQueue[bytes | None]", busy: threading.Event) -> None:
    """Hand on what arrives. The end of the pipe means that the parent closed it or died: an idle worker then ends
    in good order, a busy one at once, because nobody wants its result."""
    try:
        while True:
            message = pipe.recv_bytes()
            busy.set()
            jobs.put(message)
    except (EOFError, OSError):
        if busy.is_set():
            os._exit(1)
        jobs.put(None)


def run(job: Job, pipe: Pipe) -> Answer:
    """The job's answer; whatever it raises becomes a FAILED answer, so that one bad file costs one job."""

    def report(content: bytes) -> None:
        pipe.send_bytes(encode_answer(Answer(PROGRESS, content, 0)))

    try:
        module, _, name = job.target.partition(":")
        function = cast("Function", getattr(import_module(module), name))
        return Answer(DONE, function(job.payload, report), peak_memory())
    except Exception as error:  # noqa: BLE001 - the boundary of the process: the parent raises it as WorkerFailed.
        return Answer(FAILED, f"{job.target}: {type(error).__name__}: {error}".encode(), peak_memory())


def open_pipe(handle: int) -> Pipe:
    """Our end of the pipe that the parent made."""
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection

        return cast("Pipe", PipeConnection(handle))
    return Pipe(handle)


def limit_memory() -> None:
    """Let a job that runs wild fail by itself instead of starving the machine; where the platform can."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (DATA_LIMIT, DATA_LIMIT))


def peak_memory() -> int:
    """The most memory that this process ever held, in bytes; 0 where the platform does not say."""
    if sys.platform == "linux":
        # Not getrusage: there a process begins with the peak of the one that started it, however small it is itself.
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
