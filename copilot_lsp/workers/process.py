"""One worker process, seen from its parent: spawn it, converse with it in a thread, kill it."""

import asyncio
import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import connection
from typing import Any, cast

from copilot_lsp.core.errors import WorkerFailed
from copilot_lsp.workers.wire import ENTRY, FAILED, PROGRESS, Job, Pipe, decode_answer, encode_job

Progress = Callable[[bytes], None]
CLOSE_SECONDS = 1.0

# Our jobs parse and write; the thread pools that numpy's BLAS starts would only cost memory.
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class _Request:
    job: Job
    progress: Progress | None
    loop: asyncio.AbstractEventLoop
    answer: "asyncio.Future[bytes]"


class Process:
    """A worker process and the thread that talks to it, so that neither spawning nor a full pipe stalls the loop."""

    def __init__(self, nice: bool) -> None:
        self.nice = nice
        self.jobs = 0
        self.peak = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._killed = False
        self._inbox: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._converse, name="copilot-lsp-worker", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child else None

    async def ask(self, job: Job, progress: Progress | None) -> bytes:
        """The job's result. Raises `WorkerFailed` when the job raises or the process dies."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bytes] = loop.create_future()
        self._inbox.put(_Request(job, progress, loop, answer))
        return await answer

    def tell(self, job: Job) -> None:
        """Have a job done whose answer nobody waits for; those that are asked for later wait until it is done."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bytes] = loop.create_future()
        # Looked at, so that asyncio does not complain about a failure that nobody heard.
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._inbox.put(_Request(job, None, loop, answer))

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        with self._lock:
            self._killed = True
            if self._child is not None and self._child.poll() is None:
                self._child.kill()
        self._inbox.put(None)

    def dismiss(self) -> None:
        """Let an idle process end in good order."""
        self._inbox.put(None)

    def join(self) -> None:
        """Wait until the process is gone. Blocks for `CLOSE_SECONDS` at most: then it is killed."""
        self._thread.join(CLOSE_SECONDS)
        if self._thread.is_alive():
            self.kill()
            self._thread.join(CLOSE_SECONDS)

    @property
    def alive(self) -> bool:
        """Whether it can take a job: it may have been killed, from outside too."""
        return not self._killed and self._thread.is_alive() and (self._child is None or self._child.poll() is None)

    def _converse(self) -> None:
        try:
            pipe = self._spawn()
        except OSError as error:
            self._refuse(f"a worker process cannot be started: {error}")
            return
        try:
            while (request := self._inbox.get()) is not None:
                self._serve(pipe, request)
        except (EOFError, OSError):
            code = self._child.wait() if self._child else None
            self._refuse(f"the worker process ended with code {code}")
        finally:
            pipe.close()
            if self._child is not None:
                self._reap(self._child)

    def _serve(self, pipe: Pipe, request: _Request) -> None:
        """One request to its end. A lost pipe fails this request and is raised for the thread to end."""
        try:
            pipe.send_bytes(encode_job(request.job))
            while (answer := decode_answer(pipe.recv_bytes())).kind == PROGRESS:
                if request.progress is not None:
                    _tell(request.loop, request.progress, answer.content)
        except (EOFError, OSError):
            code = self._child.wait() if self._child else None
            error = WorkerFailed(f"the worker process for {request.job.target} ended with code {code}")
            _tell(request.loop, _fail, request.answer, error)
            raise
        self.jobs += 1
        self.peak = answer.peak
        if answer.kind == FAILED:
            error = WorkerFailed(answer.content.decode(errors="replace"))
            _tell(request.loop, _fail, request.answer, error)
        else:
            _tell(request.loop, _succeed, request.answer, answer.content)

    def _refuse(self, reason: str) -> None:
        """Fail what is still in the inbox: nobody else will answer it."""
        with contextlib.suppress(queue.Empty):
            while True:
                request = self._inbox.get_nowait()
                if request is not None:
                    _tell(request.loop, _fail, request.answer, WorkerFailed(reason))

    def _spawn(self) -> Pipe:
        # On Windows these are of another class with the same methods.
        ours, theirs = cast("tuple[Pipe, Pipe]", cast("Any", connection.Pipe(duplex=True)))
        handle = theirs.fileno()
        command = [sys.executable, "-P", "-m", ENTRY, str(handle), "nice" if self.nice else "normal"]
        try:
            with self._lock:
                if self._killed:
                    raise OSError("it was cancelled before it began")
                self._child = _start(command, handle, self.nice)
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        return ours

    def _reap(self, child: "subprocess.Popen[bytes]") -> None:
        try:
            child.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _start(command: list[str], handle: int, nice: bool) -> "subprocess.Popen[bytes]":
    """Start a process that inherits one pipe end and nothing else."""
    options: dict[str, Any] = {"pass_fds": (handle,)}
    if sys.platform == "win32":
        os.set_handle_inheritable(handle, True)
        startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": [handle]})
        priority = subprocess.BELOW_NORMAL_PRIORITY_CLASS if nice else 0
        options = {"startupinfo": startup, "creationflags": subprocess.CREATE_NO_WINDOW | priority}
    closed = subprocess.DEVNULL
    child = subprocess.Popen(
        command, stdin=closed, stdout=closed, stderr=closed, env=os.environ | ENVIRONMENT, **options
    )
    return cast("subprocess.Popen[bytes]", child)


def _tell(loop: asyncio.AbstractEventLoop, function: Callable[..., object], *arguments: object) -> None:
    # A loop that was closed has nobody left who waits for the answer.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(function, *arguments)


def _succeed(answer: "asyncio.Future[bytes]", content: bytes) -> None:
    if not answer.done():
        answer.set_result(content)


def _fail(answer: "asyncio.Future[bytes]", error: WorkerFailed) -> None:
    if not answer.done():
        answer.set_exception(error)
