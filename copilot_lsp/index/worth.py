"""What are signs worth: how likely is it that the code at a place needs a unit of definitions?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import exp

from copilot_lsp.index.defined import Row
from copilot_lsp.index.evidence import Proposal
from copilot_lsp.syntax.symbols import TYPES

Key = tuple[str, str]

# Fitted by bench/fit/related.py on Python projects; a kind with "its" speaks for the outline of a class because of the
# class itself. Invariant: every kind of evidence has a weight and, without "its", words.
_WEIGHTS = {
    "unused module": 7.6,
    "its unused": 6.3,
    "unused": 5.5,
    "its module": 4.4,
    "its same folder": 3.8,
    "its not imported": 3.6,
    "member in reach": 3.4,
    "its near": 3.4,
    "its unused module": 3.2,
    "near": 3.0,
    "its not imported in reach": 2.9,
    "member": 2.8,
    "same folder": 2.6,
    "not imported": 2.4,
    "its function": 2.3,
    "of module": 2.2,
    "its of module": 2.0,
    "its used": 2.0,
    "not imported in reach": 1.9,
    "base": 1.7,
    "function": 1.6,
    "its function in reach": 1.5,
    "its same name": 1.5,
    "used": 1.1,
    "its called": 1.1,
    "like a type": 1.0,
    "function in reach": 1.0,
    "like a type in reach": 0.7,
    "module": 0.7,
    "result": 0.6,
    "called": 0.5,
    "same name": 0.4,
    "called member": 0.2,
    # These two are judged and not fitted: source packages have no history, and nobody works on them.
    "tested": 2.0,
    "its tested": 2.0,
    "in signature": 0.5,
    "open": 1.0,
    "changed": 1.0,
    "its open": 1.0,
    "its changed": 1.0,
    "its called member": 0.0,
    "its member": 0.0,
    "its member in reach": 0.0,
}
_FILE, _CLASS = -4.4, -5.3
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
    "called member": "being called here",
    "tested": "what is tested here",
    "in signature": "type in the signature here",
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
            unit(row.path, row.inside).add(f"its {kind}", value)
    return made


def chance(unit: Unit) -> float:
    """How likely the code at the place needs something of this unit: a logistic model over its signs."""
    total = _CLASS if unit.container else _FILE
    return 1 / (1 + exp(-total - sum(_WEIGHTS[kind] * strength for kind, strength in unit.signs.items())))


def reason(unit: Unit) -> str:
    """The signs that count most, in words."""
    telling = {kind: _WEIGHTS[kind] * strength for kind, strength in unit.signs.items()}
    best = sorted(telling, key=lambda kind: -telling[kind])
    words = dict.fromkeys(_WORDS[kind.removeprefix("its ")] for kind in best if telling[kind] > 0)
    return ", ".join(list(words)[:2]) or _WORDS[best[0].removeprefix("its ")]
