"""Which source tree the benches run on: a real project of about 500,000 lines, and one long file of it."""

import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path

from bench.processes import OURS
from copilot_lsp.cli.editor import Editor

# Django's source package: 488,000 lines of Python with its tests, on every package registry.
_PACKAGE = "Django==5.2"


def workspace(given: Path | None) -> Path:
    """The given tree, or Django's source package, fetched by pip once and kept in the user's cache folder."""
    if given is not None:
        return given.resolve()
    kept = user_cache_path("copilot-lsp") / "bench" / _PACKAGE.replace("==", "-")
    if not kept.exists():
        _fetch(kept)
    return kept


def long_file(root: Path, lines: int = 5000) -> Path:
    """The Python file whose length is nearest to `lines`."""
    return min(sorted(root.rglob("*.py")), key=lambda path: abs(count_lines(path) - lines))


def count_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def count_workspace(root: Path) -> int:
    """Lines of Python in a tree."""
    return sum(count_lines(path) for path in root.rglob("*.py"))


async def indexed(editor: Editor, command: Sequence[str], within: float = 600.0) -> None:
    """Wait until our server has said that its work on the workspace has ended; a baseline server does none."""
    if tuple(command) == OURS:
        await editor.hear("$/progress", lambda one: one["value"]["kind"] == "end", within=within)


def _fetch(kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        subprocess.run([*pip, "--dest", scratch, _PACKAGE], check=True)
        archive = next(Path(scratch).glob("*.tar.gz"))
        with tarfile.open(archive) as unpacking:
            unpacking.extractall(scratch, filter="data")
        next(path for path in Path(scratch).iterdir() if path.is_dir()).rename(kept)
