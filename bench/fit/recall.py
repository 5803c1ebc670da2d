"""Fit the weights of the embedded engine's confidence: `python -m bench.fit.recall`.

Lines and halves of lines are hidden in the projects of the development half, at other places than those of the task
sets, and in further trees if any are given. For each place the ways to go on that the engine considers are rows of
features; the weights maximise the probability of the right one, or of "none of them" where none is right.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.fit.network import Sample, fit
from bench.tasks.embedded import asked, workspace_files, write_corpus
from bench.tasks.fetch import fetch
from bench.tasks.load import Project, Task, make
from bench.tasks.packages import Package, packages
from copilot_lsp.recall.choices import Choices
from copilot_lsp.recall.complete import gather
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.recall.lexer import token_id, words
from copilot_lsp.recall.query import LINE_TOKENS
from copilot_lsp.recall.tokens import tokens_of
from copilot_lsp.recall.weigh import save

# Not that of the task sets.
_SEED = 101


def projects(count: int, trees: list[Path]) -> Iterator[Project]:
    """Those of the development half and the trees, which are taken for Python, with so many holes of each kind."""
    rows = [(package, fetch(package)) for package in packages("development")]
    rows += [(Package(tree.name, tree.name, "", "", "python", "development", ""), tree) for tree in trees]
    for package, root in rows:
        yield Project(package.name, package.language, root, make(package, root, _SEED, count))


def collect(project: Project, names: list[str]) -> Iterator[tuple[Task, Sample | None]]:
    """Each hole of a project with what the engine considers there, if there is anything. Sets the features' names."""
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(project.root, workspace_files(project.root), Path(folder))
        corpus = Corpus.open(Path(folder))
        for task in project.tasks:
            request = asked(project, task)
            found = gather(request, tokens_of(request.document), corpus, {})
            if found is None:
                yield task, None
            else:
                names[:] = list(found.features)
                yield task, Sample(found.matrix(names), right(found, task.truth))
        corpus.close()


def right(found: Choices, truth: str) -> NDArray[np.bool_]:
    """Which of the ways to go on are what stood there."""
    rows, chosen = found.evidence, found.rows
    good = np.zeros(len(chosen), bool)
    for number, query in enumerate(rows.queries):
        ids = [token_id(word) for word in words(query.typed + truth)]
        if len(ids) < LINE_TOKENS:
            line = np.array(ids + [0] * (LINE_TOKENS - len(ids)), np.uint32)
            good |= (rows.reading[chosen] == number) & (rows.lines[chosen] == line).all(axis=1)
    return good & (rows.missing[chosen] == 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trees", nargs="*", type=Path)
    parser.add_argument("--holes", type=int, default=400, help="of each kind in each project")
    given = parser.parse_args()
    names: list[str] = []
    found = [sample for project in projects(given.holes, given.trees) for _, sample in collect(project, names)]
    save(fit([sample for sample in found if sample is not None], names))


if __name__ == "__main__":
    main()
