"""What are signs worth: how likely is it that the code at a place needs a unit of definitions?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import exp

from copilot_lsp.index.defined import Row
from copilot_lsp.index.evidence import Proposal
from copilot_lsp.syntax.symbols import TYPES

Key = tuple[str, str]
# Marks the kind of a sign that speaks for the outline of a class because it speaks for the class itself.
_ITS = "its "

# How much each kind of evidence counts for what a definition is shown with, and where that is a class also for the
# outline of the class. Fitted by bench/fit/related.py, but for the last two, which are judged: source packages have no
# history, and nobody works on them. Invariant: every kind has weights and words.
_WEIGHTS = {
    "unused module": (1.5, 6.5),
    "unused": (4.4, 5.6),
    "not imported": (2.3, 3.5),
    "tested": (3.3, 3.0),
    "member in reach": (3.3, 0.0),
    "same folder": (3.1, 3.3),
    "module": (1.9, 3.3),
    "near": (2.8, 3.0),
    "not imported in reach": (2.0, 3.0),
    "member": (2.9, 0.0),
    "function": (1.9, 2.7),
    "used": (1.0, 1.8),
    "function in reach": (1.0, 1.8),
    "of module": (1.5, 1.5),
    "like a type": (1.4, 0.0),
    "like a type in reach": (1.4, 0.0),
    "base": (1.3, 0.0),
    "same name": (0.4, 1.2),
    "called": (0.7, 0.8),
    "result": (0.6, 0.0),
    "open": (1.0, 1.0),
    "changed": (1.0, 1.0),
}
_FILE, _CLASS = -4.6, -5.3
_WORDS = {
    "unused module": "imported and not used yet",
    "unused": "imported and not used yet",
    "near": "used nearby",
    "used": "used in this file",
    "called": "being called here",
    "of module": "used nearby of an imported module",
    "module": "of an imported module",
    "base": "base class",
    "result": "type of what is used nearby",
    "same folder": "named nearby, same folder",
    "same name": "named nearby",
    "like a type": "called like something nearby",
    "like a type in reach": "called like something nearby, imported",
    "member": "has members used nearby",
    "member in reach": "has members used nearby, imported",
    "function": "named nearby",
    "function in reach": "named nearby, imported",
    "tested": "what is tested here",
    "open": "open in the editor",
    "changed": "changed since the last commit",
    "not imported": "used in this file, not imported yet",
    "not imported in reach": "used in this file, not imported yet",
}


@dataclass(slots=True)
class Unit:
    """What is shown together: the outline of a class (its file and dotted name), or what is wanted from the top of a
    file (the name is empty).

    `signs` has the strength of each kind of evidence from 0 to 1. `wanted` has the definitions that were proposed
    themselves; in a class these are members.
    """

    path: str
    container: str
    signs: dict[str, float] = field(default_factory=dict[str, float])
    wanted: dict[Row, float] = field(default_factory=dict[Row, float])

    def add(self, kind: str, value: float) -> None:
        """Several weak signs of a kind make a strong one, as independent chances do."""
        self.signs[kind] = 1 - (1 - self.signs.get(kind, 0.0)) * (1 - min(value, 0.99))


def units(found: Iterable[Proposal]) -> dict[Key, Unit]:
    """Proposals by what they are shown with. A class that is proposed counts for its own outline too."""
    made: dict[Key, Unit] = {}

    def unit(path: str, container: str) -> Unit:
        return made.setdefault((path, container), Unit(path, container))

    for kind, value, row, whole in found:
        if whole:
            unit(row.path, row.inside).add(kind, value)
            continue
        home = unit(row.path, row.container)
        home.add(kind, value)
        home.wanted[row] = home.wanted.get(row, 0.0) + value
        if row.kind in TYPES:
            unit(row.path, row.inside).add(_ITS + kind, value)
    return made


def chance(unit: Unit) -> float:
    """How likely the code at the place needs something of this unit: a logistic model over its signs."""
    return 1 / (1 + exp(-(_CLASS if unit.container else _FILE) - sum(_telling(unit).values())))


def reason(unit: Unit) -> str:
    """The signs that count most, in words."""
    telling = _telling(unit)
    words = dict.fromkeys(_WORDS[kind.removeprefix(_ITS)] for kind in sorted(telling, key=lambda one: -telling[one]))
    return ", ".join(list(words)[:2])


def _telling(unit: Unit) -> dict[str, float]:
    """What each sign of a unit counts."""
    return {
        kind: _WEIGHTS[kind.removeprefix(_ITS)][kind.startswith(_ITS)] * strength
        for kind, strength in unit.signs.items()
    }
