"""Which source tree the benches run on: a real project of about 500,000 lines, and one long file of it."""

from collections.abc import Sequence
from pathlib import Path

from bench.processes import OURS
from bench.retrieval.trees import original
from copilot_lsp.cli.editor import Editor

# Django's source package: 488,000 lines of Python with its tests, on every package registry.
_PACKAGE = "Django==5.2"


def workspace(given: Path | None) -> Path:
    """The given tree, or Django's source package."""
    return original(_PACKAGE) if given is None else given.resolve()


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
