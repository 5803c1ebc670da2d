"""Which trees are searched: source packages of the registry, copied without the docstrings that become queries."""

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

from platformdirs import user_cache_path

from bench.tasks.fetch import fetch
from bench.tasks.packages import HALVES, listed

_TABLE = Path(__file__).with_name("packages.toml")
_PACKAGES = {f"{one.package}=={one.version}": one for one in listed(_TABLE)}
# Split by project: whoever tunes looks at the first half only.
DEVELOPMENT, TEST = (
    tuple(requirement for requirement, one in _PACKAGES.items() if one.half == half) for half in HALVES
)
_BODIES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
# Raise it when trees must be made anew.
_VERSION = 1


def original(requirement: str) -> Path:
    """A source package as it was published, fetched once and kept in the user's cache folder."""
    return fetch(_PACKAGES[requirement])


def stripped(requirement: str) -> Path:
    """The same tree without any docstring of Python code: neither text nor index holds what is asked for."""
    kept = folder() / f"stripped-{_VERSION}" / requirement
    if not kept.exists():
        scratch = kept.with_name(f"{kept.name}.part")
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(original(requirement), scratch, symlinks=True)
        for path in python_files(scratch):
            text = path.read_text("utf-8")
            path.write_text(without_docstrings(text), "utf-8")
        scratch.rename(kept)
    return kept


def python_files(root: Path) -> Iterator[Path]:
    """The files that parse, in the order of paths."""
    for path in sorted(root.rglob("*.py")):
        if path.is_file() and not path.is_symlink() and parsed(path) is not None:
            yield path


def parsed(path: Path) -> ast.Module | None:
    try:
        return ast.parse(path.read_text("utf-8"))
    except (SyntaxError, ValueError):
        return None


def without_docstrings(text: str) -> str:
    """Each docstring replaced by `pass` where nothing else is in its body, else by nothing."""
    lines = text.encode().splitlines(keepends=True)
    for node in sorted(documented(ast.parse(text)), key=lambda node: -node.body[0].lineno):
        string = node.body[0]
        if string.end_lineno is None or string.end_col_offset is None:
            continue
        first, last = string.lineno - 1, string.end_lineno - 1
        before, after = lines[first][: string.col_offset], lines[last][string.end_col_offset :]
        alone = len(node.body) == 1 and not isinstance(node, ast.Module)
        kept = before + (b"pass" if alone else b"") + after.lstrip(b" ;")
        lines[first : last + 1] = [kept] if kept.strip() else []
    return b"".join(lines).decode()


def documented(tree: ast.Module) -> list[ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """Everything that has a docstring."""
    return [node for node in ast.walk(tree) if isinstance(node, _BODIES) and ast.get_docstring(node, clean=False)]


def folder() -> Path:
    """Where the trees are kept."""
    return user_cache_path("copilot-lsp") / "bench" / "retrieval"
