"""How tasks are made of a folder of sources."""

from pathlib import Path

import pytest

from bench.tasks.load import HALF, LINE, Project, make
from bench.tasks.packages import Package

PACKAGE = Package("toy", "toy", "1", "pypi", "python", "development", "")
FUNCTION = "def name_{0}(x):\n    # comment\n    return x + {0}  # why\n\n"
SOURCE = '"""Doc."""\n\n' + "".join(map(FUNCTION.format, range(30)))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.py").write_text(SOURCE, encoding="utf-8", newline="\r\n")
    return Project("toy", "python", tmp_path, make(PACKAGE, tmp_path, 1, 12))


def test_the_same_seed_gives_the_same_tasks(project: Project) -> None:
    assert make(PACKAGE, project.root, 1, 12) == project.tasks
    assert make(PACKAGE, project.root, 2, 12) != project.tasks


def test_fewer_tasks_are_the_first_ones(project: Project) -> None:
    assert make(PACKAGE, project.root, 1, 5) == project.tasks[:10]


def test_the_document_has_the_hole_and_all_else(project: Project) -> None:
    lines = (project.root / "a" / "b.py").read_bytes().decode().split("\r\n")
    for task in project.tasks:
        document = project.document(task)
        assert document.line(task.line) + task.truth == lines[task.line].rstrip()
        assert len(document.line(task.line)) == task.column
        others = [document.line(number) for number in range(document.line_count) if number != task.line]
        assert others == lines[: task.line] + lines[task.line + 1 :]


def test_lines_are_hidden_whole_and_halves_are_cut_inside_code(project: Project) -> None:
    for task in project.tasks:
        shown = project.document(task).line(task.line)
        assert task.truth
        assert not task.truth.startswith("#")
        assert bool(shown.strip()) == (task.kind == HALF)
        assert "#" not in shown
    assert [task.kind for task in project.tasks] == [LINE, HALF] * 12
