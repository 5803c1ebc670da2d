"""Fit the weights of the embedded engine's confidence: `python -m bench.fit.recall`.

Lines and halves of lines are hidden in the projects of the development half, at other places than those of the task
sets, and in further trees if any are given. For each place the ways to go on that the engine considers are rows of
features; the weights maximise the probability of the right one, or of "none of them" where none is right.

The defaults are those of the weights that are shipped. `--left-out` writes none, but says how often a fit to two thirds
of the projects is right in the others: what to judge a change by.
"""

import argparse
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.fit.network import Sample, fit
from bench.tasks.embedded import asked, workspace_files, write_corpus
from bench.tasks.fetch import fetch
from bench.tasks.load import HALF, LINE, OF_EACH_KIND, SEED, Project, Task, make
from bench.tasks.packages import Package, packages
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.fill import FillRequest
from copilot_lsp.core.text import Position, Span
from copilot_lsp.recall.choices import Choices
from copilot_lsp.recall.complete import gather
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.recall.lexer import token_id, words
from copilot_lsp.recall.query import LINE_TOKENS
from copilot_lsp.recall.tokens import tokens_of
from copilot_lsp.recall.weigh import save

# Not that of the task sets.
_SEED = 101
_FOLDS = 3
# Every so many holes are empty, in the middle of a line, in the last line, in a file just begun, or in
# a workspace of one file.
_COMPLETE, _MID_LINE, _LAST_LINE, _NEW_FILE, _ALONE = 25, 26, 27, 17, 23


def projects(count: int, trees: list[Path]) -> Iterator[Project]:
    """Those of the development half and the trees, which are taken for Python, with so many holes of each kind."""
    rows = [(package, fetch(package)) for package in packages("development")]
    rows += [(Package(tree.name, tree.name, "", "", "python", "development", ""), tree) for tree in trees]
    for package, root in rows:
        asked_elsewhere = {(task.path, task.line) for task in make(package, root, SEED, OF_EACH_KIND)}
        tasks = make(package, root, _SEED, count)
        others = tuple(task for task in tasks if (task.path, task.line) not in asked_elsewhere)
        yield Project(package.name, package.language, root, others)


def collect(project: Project, names: list[str]) -> Iterator[tuple[Task, Sample | None]]:
    """Each hole of a project with what the engine considers there, if there is anything. Sets the features' names."""
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(project.root, workspace_files(project.root), Path(folder))
        corpus = Corpus.open(Path(folder))
        for number, task in enumerate(project.tasks):
            request, truth = varied(asked(project, task), task.truth, number)
            known = None if number % _ALONE == 1 else corpus
            found = gather(request, tokens_of(request.document), known, {})
            if found is None:
                yield task, None
            else:
                names[:] = found.names
                yield task, Sample(found.matrix(names), right(found, truth))
        corpus.close()


def varied(request: FillRequest, truth: str, number: int) -> tuple[FillRequest, str]:
    """Some lines are complete already, some holes are not at the end of their line, and behind some there is nothing
    yet.
    """
    document, place = request.document, request.span.start
    end = Position(document.line_count, 0)
    if number % _COMPLETE == 0:
        document = document.replaced([Edit(Span(place, place), truth)], 2)
        place = Position(place.line, place.column + len(truth))
        return replace(request, document=document, span=Span(place, place)), ""
    cuts = [at for at in range(1, len(truth)) if not truth[at].isalnum()]
    if number % _MID_LINE == 0 and cuts:
        cut = random.Random(number).choice(cuts)
        document, truth = document.replaced([Edit(Span(place, place), truth[cut:])], 2), truth[:cut]
    elif number % _LAST_LINE == 0:
        document = document.replaced([Edit(Span(Position(place.line + 1, 0), end), "")], 2)
    elif number % _NEW_FILE == 0:
        above = max(0, place.line - number // _NEW_FILE % 4)
        document = document.replaced([Edit(Span(Position(place.line + 1, 0), end), "")], 2)
        document = document.replaced([Edit(Span(Position(0, 0), Position(above, 0)), "")], 3)
        place = Position(place.line - above, place.column)
    return replace(request, document=document, span=Span(place, place)), truth


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


def left_out(found: Mapping[str, Sequence[tuple[Task, Sample | None]]], names: Sequence[str], epochs: int) -> str:
    """How often the likeliest way to go on is right in projects that a network was not fitted to, by kind of hole."""
    good: dict[str, list[bool]] = {LINE: [], HALF: []}
    projects_of = tuple(found)
    for fold in range(_FOLDS):
        others = [name for name in projects_of if name not in projects_of[fold::_FOLDS]]
        net = fit([sample for name in others for _, sample in found[name] if sample is not None], names, epochs=epochs)
        for name in projects_of[fold::_FOLDS]:
            for task, sample in found[name]:
                best = -1 if sample is None else int(net.scores(net.scaled(sample.features)).argmax())
                good[task.kind].append(sample is not None and bool(sample.right[best]))
    return ", ".join(f"{kind}: {sum(some) / max(1, len(some)):.1%} of {len(some)}" for kind, some in good.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trees", nargs="*", type=Path)
    parser.add_argument("--holes", type=int, default=400, help="of each kind in each project")
    parser.add_argument("--epochs", type=int, default=24, help="times that each hole is looked at")
    parser.add_argument("--left-out", action="store_true", help="only say what fits that leave projects out come to")
    given = parser.parse_args()
    names: list[str] = []
    found = {project.name: list(collect(project, names)) for project in projects(given.holes, given.trees)}
    if given.left_out:
        print(left_out(found, names, given.epochs))
    else:
        samples = [sample for some in found.values() for _, sample in some]
        save(fit([sample for sample in samples if sample is not None], names, epochs=given.epochs))


if __name__ == "__main__":
    main()
