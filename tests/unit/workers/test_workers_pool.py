"""Jobs run in another process, report, fail, are cancelled by killing, and never outlive their parent."""

import asyncio
import contextlib
import os
import subprocess
import sys
import textwrap
import time

import psutil
import pytest

from copilot_lsp.core.errors import WorkerFailed
from copilot_lsp.workers.pool import Workers

HERE = "worker_jobs"


@pytest.fixture
async def workers(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.path.dirname(__file__))
    pool = Workers(1)
    yield pool
    await pool.close()


async def test_bytes_go_in_and_come_out_and_progress_arrives_on_the_loop(workers):
    seen = []
    assert await workers.run(f"{HERE}:reverse", b"abc", progress=seen.append) == b"cba"
    assert seen == [b"half", b"whole"]


async def test_a_process_is_used_again(workers):
    first = await workers.run(f"{HERE}:pid", b"")
    assert await workers.run(f"{HERE}:pid", b"") == first
    assert int(first) != os.getpid()


async def test_a_payload_larger_than_a_pipe_buffer_does_not_block_the_loop(workers):
    payload = os.urandom(8 << 20)
    ticks = 0

    async def tick():
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    ticking = asyncio.ensure_future(tick())
    try:
        assert await workers.run(f"{HERE}:reverse", payload) == payload[::-1]
    finally:
        ticking.cancel()
    assert ticks > 5


async def test_what_a_job_raises_is_told_and_the_process_lives(workers):
    pid = await workers.run(f"{HERE}:pid", b"")
    with pytest.raises(WorkerFailed, match="ZeroDivisionError"):
        await workers.run(f"{HERE}:fail", b"")
    with pytest.raises(WorkerFailed, match="nowhere"):
        await workers.run("nowhere:nothing", b"")
    assert await workers.run(f"{HERE}:pid", b"") == pid


async def test_a_dead_process_fails_its_job_and_is_replaced(workers):
    with pytest.raises(WorkerFailed, match="ended with code"):
        await workers.run(f"{HERE}:die", b"")
    assert await workers.run(f"{HERE}:reverse", b"ab") == b"ba"


async def test_a_process_is_not_worn_by_the_size_of_the_one_that_started_it(workers):
    ballast = b"x" * (300 << 20)
    first = await workers.run(f"{HERE}:pid", b"")
    assert await workers.run(f"{HERE}:pid", b"") == first
    assert ballast


async def test_a_process_killed_while_idle_is_replaced(workers):
    pid = int(await workers.run(f"{HERE}:pid", b""))
    psutil.Process(pid).kill()
    await gone(pid)
    assert int(await workers.run(f"{HERE}:pid", b"")) != pid


async def test_cancelling_kills_the_process(workers):
    started = asyncio.Event()
    pids = []

    def note(content):
        pids.append(int(content))
        started.set()

    running = asyncio.ensure_future(workers.run(f"{HERE}:sleep", b"", progress=note))
    await started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await gone(pids[0])
    assert await workers.run(f"{HERE}:reverse", b"ab") == b"ba"


async def test_more_jobs_than_processes_wait_for_their_turn(workers):
    answers = await asyncio.gather(*(workers.run(f"{HERE}:pid", b"") for _ in range(5)))
    assert len(set(answers)) == 1


async def test_a_background_job_runs_niced_beside_an_interactive_one(workers):
    pids = asyncio.Queue()
    running = asyncio.ensure_future(workers.run(f"{HERE}:sleep", b"", progress=pids.put_nowait, nice=True))
    quick = int(await workers.run(f"{HERE}:pid", b""))
    background = int(await pids.get())
    if sys.platform != "win32":
        assert psutil.Process(background).nice() > psutil.Process(quick).nice()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def test_close_ends_busy_and_idle_processes(workers):
    idle = int(await workers.run(f"{HERE}:pid", b""))
    pids = asyncio.Queue()
    running = asyncio.ensure_future(workers.run(f"{HERE}:sleep", b"", progress=pids.put_nowait, nice=True))
    busy = int(await pids.get())
    assert set(workers.pids) == {idle, busy}
    await workers.close()
    with pytest.raises(WorkerFailed):
        await running
    await gone(idle)
    await gone(busy)
    with pytest.raises(WorkerFailed, match="closed"):
        await workers.run(f"{HERE}:pid", b"")


async def test_warm_runs_a_job_ahead_of_the_first_that_is_asked_for(workers):
    workers.warm(f"{HERE}:remember", b"seen")
    assert await workers.run(f"{HERE}:remembered", b"") == b"seen"
    workers.warm(f"{HERE}:fail", b"")
    assert await workers.run(f"{HERE}:remembered", b"") == b"seen"
    assert len(workers.pids) == 1


async def test_a_process_that_has_grown_is_replaced(workers):
    pid = await workers.run(f"{HERE}:grow", b"")
    assert await workers.run(f"{HERE}:pid", b"") != pid


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces RLIMIT_DATA")
async def test_a_job_that_wants_all_memory_fails_alone(workers):
    with pytest.raises(WorkerFailed, match="MemoryError"):
        await workers.run(f"{HERE}:devour", b"")


async def test_a_worker_has_closed_streams_and_no_lsp_library(workers):
    told = await workers.run(f"{HERE}:surroundings", b"")
    assert told == b"devnull stdin; modules none; path safe"


async def test_workers_die_with_a_parent_that_was_killed():
    parent = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs on this loop.
        [sys.executable, "-c", PARENT],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.path.dirname(__file__)},
    )
    assert parent.stdout is not None
    pids = [int(parent.stdout.readline()) for _ in range(2)]
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for pid in pids:
        await gone(pid)


PARENT = textwrap.dedent("""
    import asyncio
    from copilot_lsp.workers.pool import Workers

    async def main():
        workers = Workers(1)
        print(int(await workers.run("worker_jobs:pid", b"")), flush=True)
        await workers.run("worker_jobs:sleep", b"", progress=lambda pid: print(int(pid), flush=True), nice=True)

    asyncio.run(main())
""")


async def gone(pid):
    """Wait until a process has ended; fails after 5 s."""
    end = time.monotonic() + 5
    while not ended(pid):
        assert time.monotonic() < end, f"process {pid} lives on"
        await asyncio.sleep(0.01)


def ended(pid):
    """Whether nothing of a process runs any more: one with threads is a zombie before it can be waited for."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return not psutil.pid_exists(pid)
