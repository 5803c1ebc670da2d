"""How good is what was said to a task?"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.tasks.load import Task


@dataclass(frozen=True, slots=True)
class Answer:
    """What would stand from the cursor on if the answer were taken ("": nothing was offered), and how sure it was."""

    task: Task
    text: str
    confidence: float = 0.0

    @property
    def exact(self) -> bool:
        """Whether the whole line is what stood there, trailing blanks aside, and nothing is added below it."""
        return self.text.rstrip() == self.task.truth

    @property
    def similarity(self) -> float:
        """1 less the share of the characters to edit to get what was hidden from the answer; 0 for no answer."""
        text = self.text.rstrip()
        return 1 - distance(text, self.task.truth) / max(len(text), len(self.task.truth)) if text else 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What answers come to. `coverage` is the share that says something, `precision` the exact share of those."""

    count: int
    exact: float
    similarity: float
    coverage: float
    precision: float


def figures(answers: Sequence[Answer], chosen: Callable[[Task], bool] = lambda _: True) -> Figures:
    """The figures of the answers to those tasks that are chosen; NaN without any."""
    some = [one for one in answers if chosen(one.task)]
    said = [one for one in some if one.text.strip()]
    return Figures(
        len(some),
        _mean([one.exact for one in some]),
        _mean([one.similarity for one in some]),
        _mean([bool(one.text.strip()) for one in some]),
        _mean([one.exact for one in said]),
    )


def precision_at(answers: Sequence[Answer], coverage: float) -> float:
    """The exact share of the surest answers, so many that they are this share of all; what is not said is not right."""
    count = math.ceil(coverage * len(answers))
    said = sorted((one for one in answers if one.text.strip()), key=lambda one: -one.confidence)
    return sum(one.exact for one in said[:count]) / max(1, count)


def distance(left: str, right: str) -> int:
    """The least number of characters to insert, delete or replace: Myers' algorithm, columns as bits of integers."""
    if not left or not right:
        return len(left) + len(right)
    every, last = (1 << len(left)) - 1, 1 << (len(left) - 1)
    equal: dict[str, int] = {}
    for place, character in enumerate(left):
        equal[character] = equal.get(character, 0) | 1 << place
    plus, minus, score = every, 0, len(left)
    for character in right:
        same = equal.get(character, 0)
        diagonal = (((same & plus) + plus) ^ plus) | same | minus
        up, down = minus | ~(diagonal | plus) & every, plus & diagonal
        score += bool(up & last) - bool(down & last)
        up, down = up << 1 | 1, down << 1
        plus, minus = (down | ~(diagonal | up)) & every, up & diagonal & every
    return score


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan
