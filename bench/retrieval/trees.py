"""Which trees are searched: source packages of the registry, copied without the docstrings that become queries."""

import ast
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from platformdirs import user_cache_path

# Split by project: whoever tunes looks at the first half only.
DEVELOPMENT = (
    "Django==5.2",
    "flask==3.1.3",
    "jinja2==3.1.6",
    "networkx==3.6.1",
    "paramiko==5.1.0",
    "pip==26.3",
    "rich==15.0.0",
    "sphinx==9.0.4",
    "tornado==6.4.2",
)
TEST = (
    "aiohttp==3.14.5",
    "celery==5.7.0",
    "docutils==0.23",
    "httpx==0.28.1",
    "pytest==9.2.0",
    "requests==2.34.2",
    "scrapy==2.19.0",
    "twisted==26.10.0",
    "werkzeug==3.1.9",
)
_BODIES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
# Raise it when trees must be made anew.
_VERSION = 1


def original(requirement: str) -> Path:
    """A source package as it was published, fetched by pip once and kept in the user's cache folder."""
    kept = folder() / "sources" / requirement
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
            subprocess.run([*pip, "--dest", scratch, requirement], check=True)
            with tarfile.open(next(Path(scratch).glob("*.tar.gz"))) as unpacking:
                unpacking.extractall(scratch, filter="data")
            next(path for path in Path(scratch).iterdir() if path.is_dir()).rename(kept)
    return kept


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
