"""Which source packages are the task sets made of?"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

DEVELOPMENT, TEST = HALVES = ("development", "test")
_TABLE = Path(__file__).with_name("packages.toml")


@dataclass(frozen=True, slots=True)
class Package:
    """A source package of a registry: `package` is what the registry calls it, `name` what reports do.

    `keep` is the folder of the archive that is the project ("": all of it); what a package ships beside its sources,
    as JavaScript made from them, would give the hidden lines away. `sha256` is that of the archive.
    """

    name: str
    package: str
    version: str
    registry: str
    language: str
    half: str
    sha256: str
    keep: str = ""


def packages(half: str) -> tuple[Package, ...]:
    """The packages of one half, in the order of the table."""
    if half not in HALVES:
        raise ValueError(f"no half {half!r}; there are {' and '.join(HALVES)}")
    return tuple(one for one in listed(_TABLE) if one.half == half)


def listed(table: Path) -> tuple[Package, ...]:
    """Every package of a table: that of the task sets, or another bench's own."""
    return tuple(Package(**row) for row in tomllib.loads(table.read_text(encoding="utf-8"))["package"])
