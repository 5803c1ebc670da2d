"""How well does a piece answer a query, and why?

For each word of the query, what is found of it in the piece is added up: in the text, in the name of what is defined
and of what that is part of, in the first sentence of its documentation, in the path. Much of one word counts little
more than some of it, so that a piece with all of the words comes before one that has one of them everywhere.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from copilot_lsp.index import weights
from copilot_lsp.index.kinds import kind_of
from copilot_lsp.index.lexical import Weighed
from copilot_lsp.index.stems import stem, stems
from copilot_lsp.index.terms import Terms
from copilot_lsp.index.thesaurus import related

# So many pieces of one definition are shown: a getter and its setter have one name as well.
_PARTS = 2
# A score that is as likely to be an answer as not.
_EVEN = 2.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece that some way of searching proposed.

    `likeness` is the cosine of its vector and the query's, `defines` a name of the query that is defined in it, `doc`
    the first sentence of its documentation. It has `length` names, and each stem of the query as often as `held` says.
    """

    piece: int
    path: str
    name: str
    length: int
    held: Mapping[str, int]
    doc: str = ""
    likeness: float = 0.0
    defines: str = ""


@dataclass(frozen=True, slots=True)
class Rated:
    """A candidate with its score: higher is better."""

    candidate: Candidate
    score: float

    @property
    def certainty(self) -> float:
        """The score as a number between 0 and 1."""
        return 1 / (1 + math.exp(-2 * (self.score - _EVEN)))


class Measure:
    """One query's words by stems, ready to be compared with many pieces."""

    def __init__(self, terms: Terms, words: Sequence[Weighed]) -> None:
        self._terms = terms
        self._related = weights.related(terms)
        total = sum(one.weight for one in words) or 1.0
        self._words: dict[str, str] = {}
        # The share of each stem in the query.
        self._shares: dict[str, float] = {}
        for one in words:
            self._words.setdefault(stem(one.word), one.word)
            self._shares.setdefault(stem(one.word), one.weight / total)
        self.stems = self._shares.keys()
        self._others = [related(word) for word in self._words.values()]
        # Files and containers are those of many candidates.
        self._found: dict[str, tuple[float, ...]] = {}

    def rate(self, candidate: Candidate) -> Rated:
        """The candidate's score."""
        container, _, own = candidate.name.rpartition(".")
        folder, _, file = candidate.path.rpartition("/")
        named = self._in(own)
        score = 0.0
        for share, name, part_of, at_file, at_folder, told, text in zip(
            self._shares.values(),
            named,
            self._in(container),
            self._in(file.partition(".")[0]),
            self._in(folder),
            self._in_doc(candidate.doc),
            self._in_text(candidate),
            strict=True,
        ):
            much = (
                weights.NAME * name
                + weights.CONTAINER * part_of
                + weights.FILE * at_file
                + weights.FOLDER * at_folder
                + weights.DOC * told
                + weights.TEXT * text
            )
            score += share * much / (much + weights.HALF)
        score = weights.ALL * score + weights.EXACT * self._exact(own, named) + self._defined(candidate.defines)
        return Rated(candidate, score + weights.MEANING * candidate.likeness - self._doubt(candidate))

    def reasons(self, rated: Rated) -> list[str]:
        """What speaks for a candidate."""
        one = rated.candidate
        container, _, own = one.name.rpartition(".")
        said = [f"defines {one.defines}"] if self._defined(one.defines) else []
        for part, text in (("name", own), ("part of", container), ("path", one.path), ("documentation", one.doc)):
            there = stems(text)
            if words := [self._shown(word, there) for word in self._words if self._reaches(word, there)]:
                said.append(f"{part} says {' '.join(words)}")
        if one.held:
            said.append("same words")
        if one.likeness > 0:
            said.append("similar meaning")
        return said

    def _in(self, text: str) -> tuple[float, ...]:
        """Of each word, whether it or a related one is in a name or a path."""
        found = self._found.get(text)
        if found is None:
            there = stems(text)
            found = self._found[text] = tuple(
                [
                    1.0 if word in there else self._related * (not there.isdisjoint(others))
                    for word, others in zip(self._shares, self._others, strict=True)
                ]
            )
        return found

    def _in_doc(self, doc: str) -> Sequence[float]:
        return [value if value == 1.0 else weights.IN_DOC * value for value in self._in(doc)]

    def _in_text(self, candidate: Candidate) -> Sequence[float]:
        """How much of each word is in the text."""
        base = 0.5 + candidate.length / weights.USUAL
        return [(count := candidate.held.get(word, 0)) / (count + base) for word in self.stems]

    def _exact(self, own: str, named: Sequence[float]) -> float:
        """How much of the query is in the name, and how much of the name in the query."""
        parts = stems(own)
        if not parts:
            return 0.0
        cover = sum(share * found for share, found in zip(self._shares.values(), named, strict=True))
        known = sum(1.0 for part in parts if part in self._shares)
        meant = sum(1.0 for part in parts if part not in self._shares and any(part in one for one in self._others))
        return math.sqrt(cover * (known + self._related * meant) / len(parts))

    def _defined(self, name: str) -> float:
        if not name:
            return 0.0
        if len(self._terms.names) == 1:
            return weights.DEFINES
        return weights.MENTIONED if name in self._terms.written else 0.0

    def _doubt(self, candidate: Candidate) -> float:
        return weights.aside(kind_of(candidate.path), self._terms) + (0.0 if candidate.name else weights.NAMELESS)

    def _reaches(self, word: str, there: frozenset[str]) -> bool:
        return word in there or not there.isdisjoint(related(self._words[word]))

    def _shown(self, word: str, there: frozenset[str]) -> str:
        spoken = self._words[word]
        if word in there:
            return spoken
        return next(other for key, other in related(spoken).items() if key in there)


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
