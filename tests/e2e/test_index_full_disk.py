"""A disk that fills up while a workspace is indexed: said once, what is there can be read, and space is made use of."""

import os
import subprocess
import sys

import pytest

from copilot_lsp.core.errors import StoreReadOnly
from copilot_lsp.index.search import search
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.workspace import open_workspace
from copilot_lsp.workers.pool import Workers

MAY_MOUNT = sys.platform == "linux" and os.geteuid() == 0
BODY = "".join(f"def function_{n}(first, second):\n    return first + second * {n}\n\n\n" for n in range(40))


@pytest.fixture
def small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if not MAY_MOUNT or mount(disk, "size=1m"):
        pytest.skip("a small file system can only be mounted by root on Linux")
    yield disk
    subprocess.run(["umount", str(disk)], check=False)


@pytest.mark.verify
async def test_a_full_disk_is_said_read_and_recovered_from(tmp_path, small_disk):
    root = tmp_path / "root"
    root.mkdir()
    for number in range(300):
        (root / f"module_{number}.py").write_text(f"NUMBER_{number} = {number}\n{BODY}")
    workers = Workers(1)
    workspace = await open_workspace(root, small_disk, IndexSettings(), workers)
    assert workspace.notice == ""
    with pytest.raises(StoreReadOnly, match=r"full|cannot be written"):
        await workspace.crawl()
    assert workspace.status.phase == "failed"
    await search(workspace, "function_1")
    assert mount(small_disk, "remount,size=100m") == 0
    await workspace.update(root / "module_1.py")
    await workspace.followed()
    assert (workspace.status.phase, workspace.status.files) == ("idle", 300)
    assert await search(workspace, "NUMBER_299")
    await workspace.close()
    await workers.close()


def mount(path, options):
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(path)]
    return subprocess.run(command, check=False, capture_output=True).returncode
