"""The test half's tasks are those that were chosen before anyone tuned."""

from dataclasses import replace

import pytest

from bench.tasks import load, packages, seal
from bench.tasks.load import LINE, Task

TASK = Task("a.py", LINE, 3, 4, "return x")


def test_every_project_of_the_test_half_is_sealed_and_only_those() -> None:
    assert set(seal.digests()) == {one.name for one in packages.packages(packages.TEST)}


def test_each_change_of_a_task_changes_the_digest() -> None:
    changed = [replace(TASK, path="b.py"), replace(TASK, line=4), replace(TASK, column=5), replace(TASK, truth="x")]
    assert len({seal.digest([one]) for one in (TASK, *changed)}) == 5


def test_other_tasks_are_refused() -> None:
    with pytest.raises(ValueError, match="mobx"):
        seal.check("mobx", [TASK])


def test_the_test_half_has_one_seed() -> None:
    with pytest.raises(ValueError, match="sealed"):
        next(load.load(packages.TEST, seed=2))


def test_halves_share_no_project_and_have_all_languages() -> None:
    halves = [packages.packages(half) for half in packages.HALVES]
    names = [{one.package for one in half} for half in halves]
    assert not names[0] & names[1]
    for half in halves:
        languages = [one.language for one in half]
        assert set(languages) == {"python", "java", "typescript", "go", "csharp"}
        assert languages.count("python") >= 6
