"""One use of a name that another file of the workspace defines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_IMPORT = re.compile(r"\s*(?:from|import|use|using|#include|@import|package)\b|.*\brequire\(")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something is: a path below the root, a line and a column, both counted from 0."""

    path: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Use:
    """A name at a place, the places that define it, and its `kind` in the words of whoever told."""

    name: str
    place: Place
    targets: tuple[Place, ...]
    kind: str = ""

    def is_first(self, lines: Sequence[str]) -> bool:
        """Whether no line before this one, imports aside, has the name."""
        word = re.compile(rf"(?<!\w){re.escape(self.name)}(?!\w)")
        return not any(word.search(line) and not _IMPORT.match(line) for line in lines[: self.place.line])

    def is_import(self, lines: Sequence[str]) -> bool:
        """Whether the line that uses the name is an import."""
        return _IMPORT.match(lines[self.place.line]) is not None


def read_lines(path: Path) -> list[str]:
    """The lines of a file as all parts of the bench count them."""
    return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
