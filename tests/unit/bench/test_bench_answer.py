"""How answers are judged."""

from hypothesis import given
from hypothesis import strategies as st

from bench.tasks.answer import Answer, distance, figures, precision_at
from bench.tasks.load import HALF, LINE, Task

TASK = Task("a.py", LINE, 3, 4, "return x")
SHORT = st.text(st.sampled_from("abc"), max_size=9)


def plain_distance(left: str, right: str) -> int:
    """The textbook's table."""
    row = list(range(len(right) + 1))
    for number, one in enumerate(left, 1):
        following = [number]
        for place, other in enumerate(right):
            following.append(min(row[place] + (one != other), row[place + 1] + 1, following[-1] + 1))
        row = following
    return row[-1]


@given(SHORT, SHORT)
def test_distance_is_that_of_the_textbook(left: str, right: str) -> None:
    assert distance(left, right) == plain_distance(left, right)


def test_exact_is_the_whole_line_and_nothing_below() -> None:
    assert Answer(TASK, "return x  ").exact
    assert not Answer(TASK, "    return x").exact
    assert not Answer(TASK, "return x\n    y").exact
    assert not Answer(TASK, "").exact


def test_similarity_is_the_share_that_is_kept() -> None:
    assert Answer(TASK, "return x").similarity == 1
    assert Answer(TASK, "return y").similarity == 1 - 1 / 8
    assert Answer(TASK, "").similarity == 0


def test_figures_are_of_the_chosen_tasks() -> None:
    other = Task("a.py", HALF, 3, 6, "turn x")
    answers = [Answer(TASK, "return x"), Answer(TASK, "pass"), Answer(TASK, ""), Answer(other, "turn x")]
    found = figures(answers, lambda task: task.kind == LINE)
    assert (found.count, found.exact, found.coverage, found.precision) == (3, 1 / 3, 2 / 3, 1 / 2)


def test_precision_counts_the_surest_answers() -> None:
    answers = [Answer(TASK, "return x", 0.9), Answer(TASK, "no", 0.8), Answer(TASK, "return x", 0.7), Answer(TASK, "")]
    assert precision_at(answers, 0.25) == 1
    assert precision_at(answers, 0.5) == 0.5


def test_what_is_not_said_is_not_right() -> None:
    assert precision_at([Answer(TASK, "return x", 0.9), *[Answer(TASK, "")] * 3], 0.5) == 0.5
