"""Which words of names stand for which words of descriptions? Writes `copilot_lsp/index/learned.txt`.

    python -m bench.fit.thesaurus FOLDER...

Learnt from the functions and classes below some folders of Python packages: the first sentence of a docstring says in
other words what the name says. That is how translations are learnt, so this is IBM's first model of translation (Brown
and others, 1993) with the sentence as the source. What is shipped was learnt from 91,000 pairs in the standard library
and 60 packages of the registry, none of which the bench of search asks about. What people know is in `thesaurus.txt`.
"""

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bench.retrieval.cases import sentence
from bench.retrieval.trees import DEVELOPMENT, TEST, parsed
from copilot_lsp.index import thesaurus
from copilot_lsp.index.stems import stem
from copilot_lsp.index.terms import terms_of

# Whose packages the bench asks about, under all names they come under; and what says the same thing many times.
_LEFT_OUT = {"_pytest", "httpx2", "site-packages", "test", "tests", "idlelib", "lib2to3", "nvidia"} | {
    package.partition("==")[0].lower() for package in (*DEVELOPMENT, *TEST)
}
_ROUNDS = 6
_WORDS = range(2, 25)
# A word that is too rare, or that too few packages pair with the other, was paired by chance.
_FEWEST_USES, _FEWEST_NAMES, _FEWEST_PACKAGES = 20, 8, 4
_LEAST = 0.03
# Names of classes and files say it as well, less often.
_OWN, _CONTAINER, _FILE = 1.0, 0.6, 0.4
# A package with more pairs than this counts less than all of them.
_USUAL_PAIRS, _DAMPING = 1_500, 0.6
# Words of names that stand for nothing by themselves.
_EMPTY = frozenset(map(stem, ("get", "all", "init", "no", "is")))


class Pair(NamedTuple):
    """The stems of a description and of the names that it describes, each with its word; names with what they count."""

    package: str
    said: dict[str, str]
    own: dict[str, str]
    names: dict[str, float]


def pairs(root: Path) -> Iterator[Pair]:
    """Every definition below a folder whose docstring begins with a sentence."""
    for path in sorted(root.rglob("*.py")):
        inside = path.relative_to(root)
        if not _LEFT_OUT & {part.lower() for part in inside.parts} and (tree := parsed(path)) is not None:
            yield from _described(tree, {}, inside.parts[0], _words(path.stem))


def _described(tree: ast.AST, container: dict[str, str], package: str, file: dict[str, str]) -> Iterator[Pair]:
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        told, own = ast.get_docstring(node), _words(node.name)
        said = _words(sentence(told)) if told else {}
        if len(said) in _WORDS and own and not node.name.startswith("__"):
            names = dict.fromkeys(file, _FILE) | dict.fromkeys(container, _CONTAINER) | dict.fromkeys(own, _OWN)
            yield Pair(package, said, own, names)
        yield from _described(node, own if isinstance(node, ast.ClassDef) else container, package, file)


def _words(text: str) -> dict[str, str]:
    return {stem(word): word for word in terms_of(text).words}


def learn(every: list[Pair]) -> dict[str, dict[str, float]]:
    """How likely each stem of a description stands for each stem of a name."""
    packages = Counter(pair.package for pair in every)
    uses = Counter(word for pair in every for word in pair.said)
    frequent = Counter(name for pair in every for name in pair.names)
    chances: dict[str, dict[str, float]] = {}
    for _ in range(_ROUNDS):
        counted: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for pair in every:
            much = min(1.0, _USUAL_PAIRS / packages[pair.package]) ** _DAMPING
            # The empty word stands for what nothing in the sentence explains.
            said = ["", *(word for word in pair.said if uses[word] >= _FEWEST_USES)]
            for name, counts in pair.names.items():
                if frequent[name] >= _FEWEST_NAMES:
                    _count(counted, chances, said, name, much * counts)
        chances = {word: _shares(row) for word, row in counted.items()}
    return chances


def _count(
    counted: dict[str, dict[str, float]],
    chances: dict[str, dict[str, float]],
    said: list[str],
    name: str,
    much: float,
) -> None:
    """Share a name among the words that may stand for it; at first those of its own stem are five times as likely."""
    shares = [chances[word].get(name, 0.0) if chances else 5.0 if word == name else 1.0 for word in said]
    total = sum(shares)
    for word, share in zip(said, shares, strict=True):
        if share:
            counted[word][name] += much * share / total


def _shares(row: dict[str, float]) -> dict[str, float]:
    total = sum(row.values())
    return {name: count / total for name, count in row.items() if count / total > 1e-4}


def lines(every: list[Pair]) -> Iterator[str]:
    """The lines of the file: a word, a colon, and what it may stand for."""
    paired: dict[tuple[str, str], set[str]] = defaultdict(set)
    spelled: dict[str, Counter[str]] = defaultdict(Counter)
    for pair in every:
        for key, word in (*pair.said.items(), *pair.own.items()):
            spelled[key][word] += 1
        for word in pair.said:
            for name in pair.own:
                paired[word, name].add(pair.package)
    for word, row in sorted(learn(every).items()):
        meant = [
            spelled[name].most_common(1)[0][0]
            for name, chance in sorted(row.items(), key=lambda entry: -entry[1])
            if name not in (word, *_EMPTY) and chance >= _LEAST and len(paired[word, name]) >= _FEWEST_PACKAGES
        ]
        if word and meant:
            yield f"{spelled[word].most_common(1)[0][0]}: {' '.join(meant)}"


if __name__ == "__main__":
    found = [pair for folder in sys.argv[1:] for pair in pairs(Path(folder))]
    print(f"{len(found):,} pairs in {len({pair.package for pair in found})} packages and folders", file=sys.stderr)
    target = Path(thesaurus.__file__).with_name("learned.txt")
    target.write_text("# Written by bench/fit/thesaurus.py.\n" + "".join(f"{line}\n" for line in lines(found)), "utf-8")
