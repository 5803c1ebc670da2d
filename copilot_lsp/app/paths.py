"""Where this user's files live: cache, state and configuration, each made when it is first needed."""

import os
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

    Nothing is created here. Without a home folder everything goes to a private folder for temporary files.
    """
    home = os.environ.get("COPILOT_LSP_HOME")
    if home:
        base = Path(home).absolute()
        return Paths(base / "cache", base / "state", base / "config")
    import platformdirs  # 20 ms that a server pays after it has answered `initialize`

    try:
        dirs = platformdirs.PlatformDirs("copilot-lsp", appauthor=False)
        return Paths(dirs.user_cache_path, dirs.user_state_path, dirs.user_config_path)
    except (RuntimeError, KeyError, OSError):
        name = f"copilot-lsp-{os.getuid()}" if hasattr(os, "getuid") else "copilot-lsp"
        base = Path(tempfile.gettempdir()) / name
        return Paths(base / "cache", base / "state", base / "config")


def private_folder(path: Path) -> Path:
    """Make a folder that only this user can read, with its parents. Raises OSError when that cannot be done."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
