"""Is everything there that copilot-lsp needs of this machine: libraries, folders, settings, and its own servers?"""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from copilot_lsp.cli.doctor.advice import Advice

if TYPE_CHECKING:
    from copilot_lsp.app.paths import Paths

_NEEDED = ("apsw", "tree_sitter", "pygls", "httpx2", "numpy", "pydantic", "starlette", "uvicorn")
# Without these something is slower or missing, and the rest works.
_USEFUL = {
    "sqlite_vec": ("searching by similarity is slower", "pip install sqlite-vec"),
}
_LITTLE_SPACE = 500_000_000


def machine(paths: "Paths", root: Path) -> Iterator[Advice]:
    """Python and libraries, folders, settings of the workspace, running servers."""
    yield from _libraries()
    yield from _folders(paths)
    yield from _settings(paths, root)
    yield from _servers(paths)


def _libraries() -> Iterator[Advice]:
    missing = [name for name in _NEEDED if not _imports(name)]
    if missing:
        command = f"{sys.executable} -m pip install --force-reinstall copilot-lsp"
        yield Advice("fault", "Libraries", f"{', '.join(missing)} cannot be imported.", command)
    else:
        yield Advice("fine", "Python", f"{platform.python_version()} at {sys.executable}, with every library.")
    for name, (loss, command) in _USEFUL.items():
        if not _imports(name):
            yield Advice("hint", "Libraries", f"{name} is not installed, so {loss}.", command)


def _imports(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:
        return False
    return True


def _folders(paths: "Paths") -> Iterator[Advice]:
    for name, folder in (("Cache", paths.cache), ("State", paths.state)):
        existing = next(one for one in (folder, *folder.parents) if one.exists())
        if not existing.is_dir() or not os.access(existing, os.W_OK):
            yield Advice(
                "fault", name, f"{folder} cannot be written, so nothing is kept.", f"export COPILOT_LSP_HOME={_free()}"
            )
            continue
        free = shutil.disk_usage(existing).free
        if free < _LITTLE_SPACE:
            command = f"rm -r {folder}" if folder.exists() and name == "Cache" else "df -h"
            yield Advice("fault", name, f"Only {free / 1e6:.0f} MB are free for {folder}.", command)
        elif folder.exists():
            yield Advice("fine", name, f"{folder} holds {_size(folder) / 1e6:.1f} MB.")
        else:
            yield Advice("fine", name, f"{folder} will be made when it is needed.")


def _free() -> Path:
    return Path.cwd() / ".copilot-lsp-home"


def _size(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(parent, name)).st_size
            except OSError:
                continue  # removed meanwhile
    return total


def _settings(paths: "Paths", root: Path) -> Iterator[Advice]:
    from copilot_lsp.app.settings import Sources

    found = Sources.read({}, paths).explain({}, root)
    for problem in found.problems:
        yield Advice("fault", "Settings", problem, "copilot-lsp config")
    if not found.problems:
        number = len(found.origin)
        says = f"{number} differ from their defaults." if number else "All have their defaults."
        yield Advice("fine", "Settings", says)


def _servers(paths: "Paths") -> Iterator[Advice]:
    from copilot_lsp.side.client import ServerSilent, ask
    from copilot_lsp.side.discovery import servers

    for server in servers(paths.state / "servers"):
        try:
            health = ask(server, "/healthz")
        except ServerSilent as error:
            yield Advice("fault", "Server", f"{str(error)[:1].upper()}{str(error)[1:]}.", f"kill {server.pid}")
            continue
        worse = {name: row for name, row in health.get("components", {}).items() if row["status"] != "ok"}
        says = "; ".join(f"{name} is {row['status']}: {row['detail']}" for name, row in worse.items())
        sentence = f"Process {server.pid}, version {server.version}: {says or 'everything works'}."
        if worse:
            yield Advice("hint", "Server", sentence, f"curl -s {server.url}/status")
        else:
            yield Advice("fine", "Server", sentence)
