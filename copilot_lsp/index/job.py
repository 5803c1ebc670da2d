"""What the session's process and a worker tell each other about indexing."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from copilot_lsp.core.errors import StoreDamaged, StoreError, StoreReadOnly, StoreTooNew
from copilot_lsp.index.scope import Scope
from copilot_lsp.syntax import languages

# Where the database's schema is, and what stands between the tally and the text in the answer to an update.
MIGRATIONS = "copilot_lsp.index.migrations"
SEPARATOR = b"\0"
# The errors that the session's process must tell apart; others arrive as WorkerFailed.
_ERRORS = {error.__name__: error for error in (StoreDamaged, StoreReadOnly, StoreTooNew, StoreError)}


@dataclass(frozen=True, slots=True)
class Task:
    """Where a worker works, and for `update` on which file."""

    root: Path
    database: Path
    scope: Scope
    grammars: tuple[Path, ...] = ()
    path: str = ""

    def encode(self) -> bytes:
        return json.dumps(
            {
                "root": str(self.root),
                "database": str(self.database),
                "scope": asdict(self.scope),
                "grammars": [str(folder) for folder in self.grammars],
                "path": self.path,
            }
        ).encode()

    @property
    def lock(self) -> Path:
        """Held by whoever does bulk work on this index."""
        return self.database.with_name("crawl.lock")


def decode_task(payload: bytes) -> Task:
    values = json.loads(payload)
    grammars = tuple(Path(folder) for folder in values["grammars"])
    _use(grammars)
    scope: dict[str, Any] = values["scope"]
    scope |= {"exclude": tuple(scope["exclude"]), "text": tuple(scope["text"])}
    return Task(Path(values["root"]), Path(values["database"]), Scope(**scope), grammars, values["path"])


@lru_cache(maxsize=1)
def _use(grammars: tuple[Path, ...]) -> None:
    """Have this worker process read the user's grammars too; reading them again for each job would cost 20 ms."""
    languages.configure(grammars)


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a bulk job is: files and bytes of source seen, of how many, and what was written or left out so far.

    `busy` means that another process does the job. `error` and `message` carry a store's error over the pipe.
    """

    files: int = 0
    total: int = 0
    size: int = 0
    written: int = 0
    written_bytes: int = 0
    removed: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict[str, int])
    seconds: float = 0.0
    busy: bool = False
    error: str = ""
    message: str = ""

    def encode(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    def check(self) -> "Tally":
        """This tally, unless it carries an error: then that is raised."""
        if self.error:
            raise _ERRORS[self.error](self.message)
        return self


def decode_tally(content: bytes) -> Tally:
    values: dict[str, Any] = json.loads(content)
    return Tally(**values)


def failed(error: StoreError) -> Tally:
    """A tally that carries an error."""
    return Tally(error=type(error).__name__, message=str(error))
