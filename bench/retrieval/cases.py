"""What is asked, and which lines of which file answer it."""

import ast
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.retrieval.trees import original, parsed, python_files, stripped

_QUESTIONS = Path(__file__).parent.parent / "questions"
# What people ask for is defined in the library itself; both engines search the whole tree nevertheless.
_ASIDE = re.compile(
    r"(^|/)(tests?|testing|docs?|examples?|_?vendor|tools|extra|js_tests|t)/|(^|/)(test_[^/]*|conftest|setup)\.py$"
)
_SENTENCE = re.compile(r"(?<=[.!?:])\s")
# Roles and quotes of documentation's markup, which nobody types who asks.
_MARKUP = re.compile(r":\w+:(?=`)|[`*~]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FEWEST_WORDS = 4
_MOST_DEFINITIONS = 3

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of a file, counted from 1, both ends included."""

    path: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Case:
    """A query and every place that answers it."""

    query: str
    answers: tuple[Place, ...]


def docstrings(requirement: str, number: int) -> list[Case]:
    """First sentences of functions' docstrings, without the function's name, as queries for the function.

    A sentence that several functions have says too little about each, as does one of three words.
    """
    found: list[Case] = []
    for path, one, other in _pairs(requirement):
        told = ast.get_docstring(one) if not isinstance(one, ast.ClassDef) else None
        query = _asked(told, one.name) if told else ""
        if len(_WORD.findall(query)) >= _FEWEST_WORDS:
            found.append(Case(query, (_place(path, other),)))
    counts = Counter(case.query.lower() for case in found)
    return _some([case for case in found if counts[case.query.lower()] == 1], number)


def names(requirement: str, number: int) -> list[Case]:
    """Names of functions and classes as queries for their definitions; none that is defined more than three times."""
    defined: dict[str, list[Place]] = {}
    asked: set[str] = set()
    for path in python_files(stripped(requirement)):
        shown = path.relative_to(stripped(requirement)).as_posix()
        for one in _definitions(parsed(path)):
            defined.setdefault(one.name, []).append(_place(shown, one))
            if not _ASIDE.search(shown) and len(one.name) > 3 and not one.name.startswith("__"):
                asked.add(one.name)
    few = sorted(name for name in asked if len(defined[name]) <= _MOST_DEFINITIONS)
    return _some([Case(name, tuple(defined[name])) for name in few], number)


def questions(requirement: str, tree: Callable[[str], Path] = original) -> list[Case]:
    """The questions that were written for a package, with their places in one of its trees; empty where none were.

    They are asked of the package as it was published, for whoever asks has the docstrings before them.
    """
    listed = _QUESTIONS / f"{requirement.partition('==')[0].lower()}.tsv"
    if not listed.exists():
        return []
    rows = [line.split("\t") for line in listed.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return [Case(row[0], tuple(_named(tree(requirement), answer) for answer in row[1:])) for row in rows]


def is_library(path: str) -> bool:
    """Whether a file is of the library's own code, and neither a test, an example nor a tool of its makers."""
    return path.endswith((".py", ".pyi", ".pyx")) and not _ASIDE.search(path)


def _named(root: Path, answer: str) -> Place:
    """The place of `path::Class.method`; of a class with all of its methods."""
    path, _, name = answer.partition("::")
    tree = parsed(root / path)
    scope: list[ast.stmt] = tree.body if tree else []
    found: Definition | None = None
    for part in name.split("."):
        found = next(one for one in _within(scope) if one.name == part)
        scope = found.body
    if found is None:
        raise LookupError(f"{answer} is not in {root.name}")
    return Place(path, found.lineno, found.end_lineno or found.lineno)


def _within(body: list[ast.stmt]) -> Iterator[Definition]:
    """The definitions of a body, those under a condition included."""
    for one in body:
        if isinstance(one, Definition):
            yield one
        else:
            yield from _within([inner for inner in ast.iter_child_nodes(one) if isinstance(inner, ast.stmt)])


def _pairs(requirement: str) -> Iterator[tuple[str, Definition, Definition]]:
    """Path, definition as published, the same without docstrings, for every definition of the library's code."""
    root, bare = original(requirement), stripped(requirement)
    for path in python_files(bare):
        shown = path.relative_to(bare).as_posix()
        if not _ASIDE.search(shown):
            for one, other in zip(_definitions(parsed(root / shown)), _definitions(parsed(path)), strict=True):
                yield shown, one, other


def _definitions(tree: ast.Module | None) -> list[Definition]:
    return [node for node in ast.walk(tree) if isinstance(node, Definition)] if tree else []


def sentence(told: str) -> str:
    """The first sentence of a docstring without markup."""
    paragraph = " ".join(told.partition("\n\n")[0].split())
    return _MARKUP.sub("", _SENTENCE.split(paragraph, maxsplit=1)[0])


def _asked(told: str, name: str) -> str:
    without = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", sentence(told), flags=re.IGNORECASE)
    return " ".join(without.split())


def _place(path: str, one: Definition) -> Place:
    """All of a function; of a class what is above its first method, for a method answers other questions."""
    first = min([one.lineno, *(decorator.lineno for decorator in one.decorator_list)])
    last = one.end_lineno or one.lineno
    if isinstance(one, ast.ClassDef):
        last = min([last, *(inner.lineno - 1 for inner in one.body if isinstance(inner, Definition))])
    return Place(path, first, max(first, last))


def _some(cases: list[Case], number: int) -> list[Case]:
    """The same choice whenever it is made of the same cases."""
    return random.Random(number).sample(cases, min(number, len(cases)))
