"""Which servers of this user run now, and on which side port each answers.

Each server writes one small file, named after its process, below the user's folder for state and removes it at exit.
A file whose process is gone, or whose process id now belongs to another program, is removed by whoever reads it.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

# A process starts some time before it opens its side port; one that started after the file was written is another one.
_CLOCK_SLACK = 2.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its process, the port on 127.0.0.1, its version, and when it opened the port (epoch)."""

    pid: int
    port: int
    version: str
    started: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def announce(server: Server, where: Path) -> Path:
    """Write a server's file, readable by its user only. Raises OSError where nothing can be written."""
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = where / f"{server.pid}.json"
    # A reader must never see half a file, so it is made under another name first.
    draft = target.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(server), file)
    draft.replace(target)
    return target


def servers(where: Path) -> list[Server]:
    """The servers that run now, the newest last. Files of dead ones are removed."""
    alive: list[Server] = []
    for file in where.glob("*.json"):
        server = _read(file)
        if server is not None and _runs(server):
            alive.append(server)
        else:
            try:
                file.unlink(missing_ok=True)
            except OSError:
                pass  # a folder that cannot be written: the file stays and is skipped again next time
    return sorted(alive, key=lambda one: one.started)


def _read(file: Path) -> Server | None:
    try:
        row = json.loads(file.read_text(encoding="utf-8"))
        return Server(int(row["pid"]), int(row["port"]), str(row["version"]), float(row["started"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _runs(server: Server) -> bool:
    import psutil  # costs 30 ms, and a server that only announces itself does not need it

    try:
        return psutil.Process(server.pid).create_time() <= server.started + _CLOCK_SLACK
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
