"""Where this user's files live: cache, state and configuration, each made when it is first needed."""

import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Paths:
    """`cache` may be deleted at any time, `state` holds trust and discovery, `config` the user's settings file."""

    cache: Path
    state: Path
    config: Path


def user_paths() -> Paths:
    """The platform's folders, or the ones under COPILOT_LSP_HOME when that is set (tests and demos use it).

    Nothing is created here, unless the user has no home folder: then everything goes to a private one for temporary
    files.
    """
    home = os.environ.get("COPILOT_LSP_HOME")
    if home:
        return _below(Path(home).absolute())
    import platformdirs  # 20 ms that a server pays after it has answered `initialize`

    dirs = platformdirs.PlatformDirs("copilot-lsp", appauthor=False)
    try:
        found = Paths(dirs.user_cache_path, dirs.user_state_path, dirs.user_config_path)
    except (RuntimeError, KeyError, OSError):
        return _below(_temporary())
    # Without a home, "~" stays in the path and would be a folder of that name in the workspace.
    if all(path.is_absolute() for path in (found.cache, found.state, found.config)):
        return found
    return _below(_temporary())


def _below(base: Path) -> Paths:
    return Paths(base / "cache", base / "state", base / "config")


def _temporary() -> Path:
    """A folder that nobody else can have prepared: the same one each time where possible, else a new one."""
    owner = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"copilot-lsp-{owner}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        about = folder.lstat()
    except OSError:
        return Path(tempfile.mkdtemp(prefix="copilot-lsp-"))
    private = not hasattr(os, "getuid") or (about.st_uid == owner and not about.st_mode & 0o077)
    return folder if private and stat.S_ISDIR(about.st_mode) else Path(tempfile.mkdtemp(prefix="copilot-lsp-"))


def private_folder(path: Path) -> Path:
    """Make a folder that only this user can read, with its parents. Raises OSError when that cannot be done."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
