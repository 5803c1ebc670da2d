"""How benches start servers, and what the started processes cost."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

ROOT = Path(__file__).parents[1]
OURS = (sys.executable, "-P", "-m", "copilot_lsp", "--stdio")


def baseline(name: str) -> tuple[str, ...]:
    """The command of one of the servers in `bench/servers`."""
    return (sys.executable, str(ROOT / "bench" / "servers" / f"{name}.py"))


@contextmanager
def fresh_home() -> Generator[dict[str, str]]:
    """An environment whose cache, state and settings folders are empty, and gone afterwards."""
    with TemporaryDirectory(prefix="copilot-lsp-bench-", ignore_cleanup_errors=True) as home:
        yield environment(Path(home))


def environment(home: Path) -> dict[str, str]:
    """This process's environment with every folder that copilot-lsp writes to below `home`."""
    return {**os.environ, "COPILOT_LSP_HOME": str(home)}


def cpu_of_tree(pid: int) -> float:
    """CPU seconds that a process, its living descendants, and those that it has waited for have used so far."""
    root = psutil.Process(pid)
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def memory_of_tree(pid: int) -> int:
    """Resident bytes of a process and its living descendants."""
    root = psutil.Process(pid)
    total = 0
    for process in [root, *root.children(recursive=True)]:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total
