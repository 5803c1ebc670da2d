"""How well does a piece answer a query, and why?

The words of the text are half of it. The other half is where they stand: in the name of what is defined, in that of
what it is part of, in the path; and whether the file is the code itself. The weights are from the development half of
the bench of search; none of them is sharp: twice or half of any one changes its figures by less than a fiftieth.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from copilot_lsp.index.kinds import CODE, kind_of
from copilot_lsp.index.lexical import Weighed
from copilot_lsp.index.stems import stem, stems
from copilot_lsp.index.terms import Terms

_TEXT, _NAME, _CONTAINER, _FILE, _FOLDER = 0.25, 0.75, 0.5, 1.0, 0.5
# A model's vectors tell what a text means. The built-in ones tell how alike all its words are, which raised the figure
# of descriptions by a fortieth and lowered that of questions: those have other words than the code.
_MEANING, _LIKENESS = 8.0, 4.0
# A definition of the only name that is asked for, and of one that is mentioned.
_DEFINES, _MENTIONED = 6.0, 1.0
# What must be made up for by a piece outside of the code itself, unless the query speaks of such, and by one that
# defines nothing.
_ASIDE = 4.0
_NAMELESS = 1.0
# So many pieces of one definition are shown: a getter and its setter have one name as well.
_PARTS = 2
# A score beyond which nobody doubts, for scores between 0 and 1.
_SURE = 6.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece that some way of searching proposed. `text` is its BM25, `likeness` the cosine of its vector and the
    query's, `defines` a name of the query that is defined in it."""

    piece: int
    path: str
    name: str
    text: float = 0.0
    likeness: float = 0.0
    defines: str = ""


@dataclass(frozen=True, slots=True)
class Rated:
    """A candidate with its score, higher is better, and what each kind of evidence adds to it."""

    candidate: Candidate
    score: float
    parts: Mapping[str, float]

    @property
    def certainty(self) -> float:
        """The score as a number between 0 and 1."""
        return 1 / (1 + math.exp(-(self.score - _SURE) / 2))


class Measure:
    """One query's words by stems, ready to be compared with many pieces."""

    def __init__(self, terms: Terms, words: Sequence[Weighed], *, meaning: bool = False) -> None:
        self._meaning = meaning
        self._likeness = _MEANING if meaning else 0.0 if terms.asks else _LIKENESS
        total = sum(one.weight for one in words) or 1.0
        self._terms = terms
        self._shares: dict[str, float] = {}
        for one in words:
            self._shares.setdefault(stem(one.word), one.weight / total)
        self._spoken = {stem(word): word for word in reversed(terms.words)}

    def rate(self, candidate: Candidate) -> Rated:
        """The candidate's score."""
        container, _, own = candidate.name.rpartition(".")
        folder, _, file = candidate.path.rpartition("/")
        inside = stems(own)
        cover = self._cover(inside)
        share = len(inside & self._shares.keys()) / len(inside) if inside else 0.0
        parts = {
            "defines": self._defined(candidate.defines),
            "name": _NAME * (cover + math.sqrt(cover * share)),
            "part of": _CONTAINER * self._cover(stems(container)),
            "path": _FILE * self._cover(stems(file.partition(".")[0])) + _FOLDER * self._cover(stems(folder)),
            "text": _TEXT * candidate.text,
            "similar": self._likeness * candidate.likeness,
        }
        score = sum(parts.values()) - self._doubt(candidate)
        return Rated(candidate, score, parts)

    def reasons(self, rated: Rated) -> list[str]:
        """What speaks for a candidate, in the order of what it counts. For those that are shown: it takes a while."""
        said = sorted((part for part, value in rated.parts.items() if value > 0), key=lambda part: -rated.parts[part])
        return [self._reason(part, rated.candidate) for part in said]

    def _defined(self, name: str) -> float:
        if not name:
            return 0.0
        if len(self._terms.names) == 1:
            return _DEFINES
        return _MENTIONED if name in self._terms.written else 0.0

    def _doubt(self, candidate: Candidate) -> float:
        kind = kind_of(candidate.path)
        aside = 0.0 if kind == CODE or kind in self._terms.kinds else _ASIDE
        return aside + (0.0 if candidate.name else _NAMELESS)

    def _cover(self, there: frozenset[str]) -> float:
        """How much of the query, by weight, is among some stems."""
        return sum(self._shares[one] for one in there & self._shares.keys())

    def _reason(self, part: str, candidate: Candidate) -> str:
        if part == "defines":
            return f"defines {candidate.defines}"
        if part == "similar":
            return "similar meaning" if self._meaning else "similar text"
        if part == "text":
            return "same words"
        container, _, own = candidate.name.rpartition(".")
        there = stems({"name": own, "part of": container, "path": candidate.path}[part])
        return f"{part} says {' '.join(word for key, word in reversed(self._spoken.items()) if key in there)}"


def ranked(measure: Measure, candidates: Iterable[Candidate]) -> list[Rated]:
    """The best first; of a long definition only its best pieces."""
    shown: list[Rated] = []
    parts: Counter[tuple[str, str]] = Counter()
    for rated in sorted(map(measure.rate, candidates), key=lambda one: (-one.score, one.candidate.piece)):
        definition = (rated.candidate.path, rated.candidate.name)
        parts[definition] += 1
        if parts[definition] <= _PARTS or not rated.candidate.name:
            shown.append(rated)
    return shown
