"""What is hidden where? The task sets, the same on every machine for one seed."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bench.tasks.code import EXTENSIONS, code_lines, is_generated
from bench.tasks.fetch import fetch
from bench.tasks.packages import TEST, Package, packages
from bench.tasks.seal import check
from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span

# Of each project so many lines and as many halves; the sealed sets are made with this seed.
OF_EACH_KIND = 150
SEED = 1
LINE, HALF = "line", "half"
_LARGEST = 500_000
_TRIES = 100


@dataclass(frozen=True, slots=True)
class Task:
    """A place whose rest of the line is hidden: `truth`, without trailing blanks.

    A `kind` of "line" hides all but the indentation, "half" what follows a random place inside the line, which may be
    inside a word but is not in a comment. `path` is that of the file below its project's root, with forward slashes.
    """

    path: str
    kind: str
    line: int
    column: int
    truth: str

    @property
    def position(self) -> Position:
        return Position(self.line, self.column)


@dataclass(frozen=True, slots=True)
class Project:
    """One project, its files on disk, and the tasks in them, in random order: some first ones are a fair sample."""

    name: str
    language: str
    root: Path
    tasks: tuple[Task, ...]

    def document(self, task: Task) -> Document:
        """The task's file as an editor has it open, with the hole."""
        whole = _read(self.root / task.path, self.language)
        line = whole.line(task.line)
        hole = Span(task.position, Position(task.line, len(line)))
        return whole.replaced([Edit(hole, "")], 1)


def load(
    half: str,
    names: Sequence[str] = (),
    *,
    seed: int = SEED,
    of_each_kind: int = OF_EACH_KIND,
    cache: Path | None = None,
) -> Iterator[Project]:
    """The projects of a half, or those of some names. Packages that are not in the cache folder are fetched.

    Of the test half there is one set only, which is sealed; raises ValueError where another comes out.
    """
    if half == TEST and (seed, of_each_kind) != (SEED, OF_EACH_KIND):
        raise ValueError("the tasks of the test half are sealed: they have one seed and one size")
    for package in packages(half):
        if not names or package.name in names:
            root = fetch(package, cache)
            tasks = make(package, root, seed, of_each_kind)
            if half == TEST:
                check(package.name, tasks)
            yield Project(package.name, package.language, root, tasks)


def make(package: Package, root: Path, seed: int, of_each_kind: int) -> tuple[Task, ...]:
    """The tasks of one project."""
    chance = random.Random(f"{seed} {package.name}")
    return draw(root, sources(root, package.language), package.language, of_each_kind, chance)


def draw(
    root: Path, files: Sequence[Path], language: str, of_each_kind: int, chance: random.Random
) -> tuple[Task, ...]:
    """Tasks in some files below a folder, fewer where there is not code enough.

    Files are drawn by their size and lines evenly, so that all lines are about equally likely.
    """
    sizes = [path.stat().st_size for path in files]
    taken: set[tuple[Path, int]] = set()
    tasks: list[Task] = []
    for _ in range(_TRIES * of_each_kind):
        if len(tasks) == 2 * of_each_kind:
            break
        path = chance.choices(files, sizes)[0]
        whole, ends = _code(path, language)
        if not ends:
            continue
        number = chance.choice(tuple(ends))
        kind = HALF if len(tasks) % 2 else LINE
        indent = _indent(whole, number)
        if (path, number) in taken or (kind == HALF and ends[number] - indent < 2):
            continue
        taken.add((path, number))
        column = indent if kind == LINE else chance.randrange(indent + 1, ends[number])
        truth = whole.line(number)[column:].rstrip()
        tasks.append(Task(path.relative_to(root).as_posix(), kind, number, column, truth))
    return tuple(tasks)


def sources(root: Path, language: str) -> list[Path]:
    """The files of a project that are written in its language, those aside that only data is as long as."""
    found = sorted(root.rglob(f"*{EXTENSIONS[language]}"))
    return [path for path in found if path.is_file() and 0 < path.stat().st_size <= _LARGEST]


def _indent(whole: Document, number: int) -> int:
    line = whole.line(number)
    return len(line) - len(line.lstrip())


@lru_cache(maxsize=512)
def _read(path: Path, language: str) -> Document:
    return document(path.as_uri(), path.read_bytes().decode("utf-8", "replace"), language, 1)


@lru_cache(maxsize=4096)
def _code(path: Path, language: str) -> tuple[Document, Mapping[int, int]]:
    """A file and where its code lines end. A lone \\r ends a line for an editor, but not where code is looked for."""
    whole = _read(path, language)
    text = whole.text.replace("\r\n", "\n")
    return whole, {} if "\r" in text or is_generated(text) else code_lines(text, language)
