"""Are the tasks of the test half those that were chosen before anyone tuned?

`digests.toml` holds what they come to, one digest per project. It was written before the engine was tuned on the
development half, and is not written again: who changes the tasks starts with new projects.
"""

import hashlib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

_DIGESTS = Path(__file__).with_name("digests.toml")


class Sealed(Protocol):
    """What is sealed of a task."""

    @property
    def path(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...

    @property
    def truth(self) -> str: ...


def check(name: str, tasks: Iterable[Sealed]) -> None:
    """Raises ValueError where the tasks of a project of the test half are not the sealed ones."""
    if digests().get(name) != digest(tasks):
        raise ValueError(f"the tasks of {name} are not those that digests.toml has sealed")


def digest(tasks: Iterable[Sealed]) -> str:
    """A SHA-256 of all that is asked and answered."""
    rows = (repr((one.path, one.kind, one.line, one.column, one.truth)) for one in tasks)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def digests() -> dict[str, str]:
    """The sealed digests by project."""
    return tomllib.loads(_DIGESTS.read_text(encoding="utf-8"))
