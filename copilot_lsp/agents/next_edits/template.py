"""What do two edits have in common, as a pattern with holes, and what does it make of a third place?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

from copilot_lsp.agents.next_edits.tokens import Token

_OPENING = {"(": ")", "[": "]", "{": "}"}
_CLOSING = frozenset(_OPENING.values())
# Matching a pattern tries the lengths of each hole in turn.
_HOLES = 4


@dataclass(frozen=True, slots=True)
class Hole:
    """A place in a pattern for any tokens with balanced brackets; `commas` are the numbers of commas seen in it."""

    number: int
    commas: frozenset[int]


Element = str | Hole


@dataclass(frozen=True, slots=True)
class Sample:
    """One piece of code before and after it was edited."""

    before: tuple[Token, ...]
    after: tuple[Token, ...]
    text: str
    """The text that `after` lies in."""


@dataclass(frozen=True, slots=True)
class Template:
    """Code of the form `before` becomes code of the form `after`. `gaps` is what stands before each element of it."""

    before: tuple[Element, ...]
    after: tuple[Element, ...]
    gaps: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """The names, strings and numbers that a place must have, the longest first."""
        literal = [one for one in self.before if isinstance(one, str)]
        return sorted((one for one in literal if one[0].isalnum() or one[0] in "_\"'`"), key=len, reverse=True)

    @property
    def lead(self) -> list[Element]:
        """What is put before the code, where all of that is kept as it is."""
        kept = len(self.after) - len(self.before)
        return list(self.after[:kept]) if kept > 0 and self.after[kept:] == self.before else []

    @property
    def trail(self) -> list[Element]:
        """What is put behind the code, where all of that is kept as it is."""
        size = len(self.before)
        return list(self.after[size:]) if self.after[:size] == self.before else []

    def applied(self, text: str, found: Sequence[Token]) -> str | None:
        """What becomes of some tokens of a text; None when the pattern does not fit or was applied already."""
        values = match(self.before, found)
        if values is None or match(self.after, found) is not None:
            return None
        written = ""
        for gap, element in zip(self.gaps, self.after, strict=True):
            written += gap
            if isinstance(element, str):
                written += element
            elif value := values.get(element.number):
                written += text[value[0].start : value[-1].end]
        return written


def generalised(one: Sample, other: Sample) -> Template | None:
    """The pattern that two samples are cases of, None when they have nothing in common."""
    before, values, other_values = _unified(one.before, other.before)
    if before is None:
        return None
    holes = [element for element in before if isinstance(element, Hole)]
    after = _abstract(one.after, holes, values)
    parts = tuple(part.element for part in after)
    if list(parts) != [part.element for part in _abstract(other.after, holes, other_values)] or parts == tuple(before):
        return None
    gaps = [one.text[part.last.end : following.first.start] for part, following in pairwise(after)]
    return Template(tuple(before), parts, ("", *gaps) if parts else ())


def match(pattern: Sequence[Element], found: Sequence[Token]) -> dict[int, list[Token]] | None:
    """What each hole stands for when the pattern covers the tokens exactly, None when it does not."""
    if not pattern:
        return None if found else {}
    first, rest = pattern[0], pattern[1:]
    if isinstance(first, str):
        if found and found[0].text == first:
            return match(rest, found[1:])
        return None
    least = 0 if not rest else sum(isinstance(one, str) for one in rest)
    for length in _lengths(found, len(found) - least):
        value = list(found[:length])
        if commas(value) not in first.commas:
            continue
        inner = match(rest, found[length:])
        if inner is not None and inner.get(first.number, value) == value:
            return {**inner, first.number: value}
    return None


def commas(value: Sequence[Token]) -> int:
    """How many commas stand outside all brackets; -1 for no tokens at all."""
    depth = count = 0
    for token in value:
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        count += token.text == "," and depth == 0
    return count if value else -1


def _lengths(found: Sequence[Token], most: int) -> Iterator[int]:
    """How many of the first tokens can be one balanced piece."""
    stack: list[str] = []
    yield 0
    for index, token in enumerate(found[: max(0, most)]):
        if token.text in _OPENING:
            stack.append(_OPENING[token.text])
        elif token.text in _CLOSING and (not stack or stack.pop() != token.text):
            return
        if not stack:
            yield index + 1


def _unified(
    one: Sequence[Token], other: Sequence[Token]
) -> tuple[list[Element] | None, dict[int, list[str]], dict[int, list[str]]]:
    """The common pattern of two pieces, and what its holes stand for in each."""
    matcher = SequenceMatcher(None, [token.text for token in one], [token.text for token in other], autojunk=False)
    before: list[Element] = []
    values: dict[int, list[str]] = {}
    other_values: dict[int, list[str]] = {}
    for kind, low, high, low_other, high_other in matcher.get_opcodes():
        if kind == "equal":
            before += [token.text for token in one[low:high]]
            continue
        value, other_value = one[low:high], other[low_other:high_other]
        if not (_balanced(value) and _balanced(other_value)):
            return None, {}, {}
        number = len(values)
        values[number] = [token.text for token in value]
        other_values[number] = [token.text for token in other_value]
        before.append(Hole(number, frozenset({commas(value), commas(other_value)})))
    return (before, values, other_values) if len(values) <= _HOLES else (None, {}, {})


def _balanced(value: Sequence[Token]) -> bool:
    return len(value) in set(_lengths(value, len(value)))


class _Part(NamedTuple):
    """One element of edited code with the tokens that it begins and ends with."""

    element: Element
    first: Token
    last: Token


def _abstract(after: Sequence[Token], holes: Sequence[Hole], values: dict[int, list[str]]) -> list[_Part]:
    """Edited code with holes where it still has what they stand for."""
    found: list[_Part] = []
    ordered = sorted(holes, key=lambda hole: -len(values[hole.number]))
    index = 0
    while index < len(after):
        hole = next((one for one in ordered if _stands_at(after, index, values[one.number])), None)
        last = index + len(values[hole.number]) - 1 if hole else index
        found.append(_Part(hole or after[index].text, after[index], after[last]))
        index = last + 1
    return found


def _stands_at(after: Sequence[Token], index: int, value: list[str]) -> bool:
    return bool(value) and [token.text for token in after[index : index + len(value)]] == value
