"""Processes that index one workspace are killed -9 again and again: the index opens, is sound, and goes on."""

import asyncio
import contextlib
import os
import random
import shutil
import subprocess
import sys
import time

import psutil
import pytest

from copilot_lsp.index.job import MIGRATIONS
from copilot_lsp.index.place import folder_of
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.workspace import FILE, open_workspace
from copilot_lsp.store.database import open_database
from copilot_lsp.workers.pool import Workers

BODY = "".join(
    f"def function_{n}(first, second):\n    total = first + second * {n}\n    return total\n\n\n" for n in range(12)
)

INDEXER = """
import asyncio, sys
from pathlib import Path
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.workspace import open_workspace
from copilot_lsp.workers.pool import Workers

async def main():
    workspace = await open_workspace(Path(sys.argv[1]), Path(sys.argv[2]), IndexSettings(), Workers(1))
    await workspace.crawl(lambda message, percent: print(message, flush=True))
    await workspace.followed()
    await workspace.close()

asyncio.run(main())
"""


@pytest.mark.parametrize(("kills", "number_of_files"), [(4, 600), pytest.param(50, 2_000, marks=pytest.mark.verify)])
def test_an_index_survives_kills_of_two_processes_that_build_it(tmp_path, kills, number_of_files):
    root, cache = tmp_path / "root", tmp_path / "cache"
    for number in range(number_of_files):
        path = root / f"package_{number % 40}" / f"module_{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"NUMBER = {number}\n{BODY}")
    chance = random.Random(kills)
    seen = grown = 0
    for _ in range(kills // 2):
        pair = [start(root, cache), start(root, cache)]
        for index, process in enumerate(pair):
            # The first word tells that the worker is at work, or that it waits for the other's.
            assert process.stdout.readline()
            time.sleep(chance.uniform(0.0, 0.4))
            kill(process, worker_first=chance.random() < 0.5 and index == 0)
        files = check(root, cache)
        assert files >= seen, "a crawl began from zero"
        grown += files > seen
        seen = files
        if files == number_of_files:
            shutil.rmtree(cache)
            seen = 0
    assert grown
    assert asyncio.run(finish(root, cache)) == number_of_files
    assert check(root, cache) == number_of_files


def start(root, cache):
    return subprocess.Popen(
        [sys.executable, "-c", INDEXER, str(root), str(cache)], stdout=subprocess.PIPE, text=True, env=os.environ
    )


def kill(process, *, worker_first):
    """Kill -9 a session's process and all of its workers, in either order, and see that none is left."""
    children = psutil.Process(process.pid).children()
    for one in [*children, process] if worker_first else [process, *children]:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    process.wait()
    process.stdout.close()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive


def check(root, cache):
    """How many files the index holds; it opens, nothing had to be moved aside, and each file's rows are whole."""
    path = folder_of(root, cache) / FILE
    database = open_database(path, MIGRATIONS)
    assert database.notice == ""
    with database.read() as connection:
        assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        files = connection.execute("SELECT count(*) FROM files").fetchall()[0][0]
        parts = connection.execute("SELECT id / 65536, count(*) FROM symbols GROUP BY 1").fetchall()
        orphans = connection.execute(
            "SELECT count(*) FROM vectors WHERE piece NOT IN (SELECT id FROM pieces)"
        ).fetchall()
    with database.write() as connection:
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    database.close()
    assert len(parts) == files
    assert {count for _, count in parts} <= {13}
    assert orphans == [(0,)]
    return files


async def finish(root, cache):
    workers = Workers(1)
    workspace = await open_workspace(root, cache, IndexSettings(), workers)
    await workspace.crawl()
    await workspace.followed()
    await workspace.close()
    await workers.close()
    return workspace.status.files
