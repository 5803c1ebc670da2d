"""How well does search find what is asked for in words?

Three sets of queries over source packages: the docstrings' first sentences and names of definitions, where docstrings
are cut out of the code, and questions that people wrote, asked of the code as it was published (and without docstrings
as well). The baseline is BM25 with stems and path words over the same pieces, once over everything and once over the
library's code alone, where it cannot find a test or a page of documentation instead.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import mean

from bench.options import Options
from bench.processes import fresh_home
from bench.report import Bar, Report, Samples
from bench.retrieval import cases
from bench.retrieval.baseline import Baseline, Piece
from bench.retrieval.cases import Case, Place
from bench.retrieval.measure import interval, ndcg, ndcg_of_any
from bench.retrieval.trees import DEVELOPMENT, TEST, original, stripped
from copilot_lsp.index.model import Embedder
from copilot_lsp.index.search import search
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.vectors import Waiting, text_of, texts
from copilot_lsp.index.workspace import Workspace, open_workspace
from copilot_lsp.workers.pool import Workers

OURS, EVERYTHING, CODE = "ours", "BM25", "BM25 over library code only"
DOCSTRINGS, NAMES, QUESTIONS, BARE = "docstrings", "names", "questions", "questions without docstrings"

Scores = dict[tuple[str, str], dict[str, list[float]]]


def run(options: Options) -> Report:
    return asyncio.run(measure(TEST, options))


async def measure(
    packages: Sequence[str], options: Options, model: Embedder | None = None, *, least: float = 1.08
) -> Report:
    """The figures of some packages; those of the development half are for whoever tunes. With an embedding model, if
    one is given; `least` is how many times the baseline's figure docstrings are expected to reach."""
    scores: Scores = defaultdict(dict)
    workers, settings = Workers(1), IndexSettings(vectors=True)
    try:
        for package in packages:
            for tree in (stripped, original):
                sets = _sets(package, tree, options)
                if not any(sets.values()):
                    continue
                with fresh_home() as env:
                    cache = Path(env["COPILOT_LSP_HOME"]) / "cache"
                    index = await open_workspace(tree(package).resolve(), cache, settings, workers, model)
                    try:
                        await index.crawl()
                        await index.followed()
                        await _ask(index, package, sets, scores)
                    finally:
                        await index.close()
    finally:
        await workers.close()
    return _report(packages, scores, least)


def _sets(package: str, tree: Callable[[str], Path], options: Options) -> dict[str, list[Case]]:
    """What is asked of one of a package's trees."""
    if tree is original:
        return {QUESTIONS: cases.questions(package)}
    return {
        DOCSTRINGS: cases.docstrings(package, options.times(150)),
        NAMES: cases.names(package, options.times(100)),
        BARE: cases.questions(package, tree),
    }


async def _ask(index: Workspace, package: str, sets: dict[str, list[Case]], scores: Scores) -> None:
    pieces = list(_pieces(index))
    engines = {EVERYTHING: Baseline(pieces), CODE: Baseline(one for one in pieces if cases.is_library(one.path))}
    for kind, asked in sets.items():
        score = ndcg_of_any if kind in (QUESTIONS, BARE) else ndcg
        if asked:
            scores[kind, OURS][package] = [score(await _found(index, case), case) for case in asked]
            for name, engine in engines.items():
                scores[kind, name][package] = [score(engine.search(case.query), case) for case in asked]


async def _found(index: Workspace, case: Case) -> list[Place]:
    chunks = await search(index, case.query)
    return [Place(one.path, one.span.start.line + 1, one.span.end.line + 1) for one in chunks]


def _pieces(index: Workspace) -> Iterator[Piece]:
    with index.database.read() as connection:
        files = [Waiting(*row) for row in connection.execute("SELECT id, path, digest FROM files ORDER BY path")]
        spans = {row[0]: row[1:] for row in connection.execute("SELECT id, line, end_line FROM pieces")}
    for file in files:
        text = text_of(index.root, index.scope.max_file_bytes, file)
        for one in texts(index.database, file, text) if text is not None else ():
            first, last = spans[one.piece]
            yield Piece(file.path, first + 1, last + 1, one.text)


def _report(packages: Sequence[str], scores: Scores, least: float) -> Report:
    report = Report("search_quality", f"NDCG@10 in {', '.join(packages)}")
    for (kind, engine), of_packages in sorted(scores.items()):
        values = [mean(of_packages[package]) for package in packages if package in of_packages]
        report.samples.append(Samples(f"{kind}: {engine}, of each package", values, unit=""))
        shown = ", ".join(f"{package.partition('==')[0]} {mean(of_packages[package]):.3f}" for package in of_packages)
        report.facts[f"{kind}: {engine}"] = f"{_mean(scores, kind, engine):.3f} ({shown})"
    for against in (EVERYTHING, CODE):
        low, high = interval(_all(scores, DOCSTRINGS, OURS), _all(scores, DOCSTRINGS, against))
        report.facts[f"docstrings, times {against}"] = f"between {low:.2f} and {high:.2f} in 95 of 100 samples"
        ratio = _mean(scores, DOCSTRINGS, OURS) / _mean(scores, DOCSTRINGS, against)
        report.bars.append(Bar(f"docstrings, times {against}", ratio, least, least=True))
        gap = 1.0 - _mean(scores, NAMES, against)
        closed = (_mean(scores, NAMES, OURS) - _mean(scores, NAMES, against)) / gap if gap else 1.0
        report.bars.append(Bar(f"names, share of the gap of {against} that is closed", closed, 0.3, least=True))
    if (QUESTIONS, OURS) in scores:
        report.bars.append(Bar("questions, NDCG@10", _mean(scores, QUESTIONS, OURS), 0.8, least=True))
    return report


def _all(scores: Scores, kind: str, engine: str) -> list[float]:
    return [value for values in scores[kind, engine].values() for value in values]


def _mean(scores: Scores, kind: str, engine: str) -> float:
    """Every package counts alike, however many of its queries there are."""
    return mean(mean(values) for values in scores[kind, engine].values())


if __name__ == "__main__":
    chosen = DEVELOPMENT if sys.argv[1:] == ["development"] else TEST
    print("\n".join(asyncio.run(measure(chosen, Options())).lines()))
