"""How long does a search by words take in a workspace of at least 100,000 pieces?

Django, SymPy and the standard library together, or the given tree. The baseline is reading all files and looking for
the same words, which is what a search without an index does. Processor time is measured, for it is the same on a
machine that does other work.
"""

import asyncio
import random
import re
import shutil
import sysconfig
import time
from pathlib import Path

from bench.options import Options
from bench.processes import fresh_home
from bench.report import Bar, Report, Samples
from bench.retrieval.cases import docstrings
from bench.retrieval.trees import folder, original
from bench.workspace import count_workspace
from copilot_lsp.index.files import files
from copilot_lsp.index.graph import neighbours
from copilot_lsp.index.search import search
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.symbols import complete_prefix, count_references, find
from copilot_lsp.index.terms import terms_of
from copilot_lsp.index.workspace import Workspace, open_workspace
from copilot_lsp.workers.pool import Workers

_SCAN = "scan of all files for the words"
_PACKAGES = ("Django==5.2", "sympy==1.13.3")


def run(options: Options) -> Report:
    return asyncio.run(measure((options.workspace or _large()).resolve(), options))


async def measure(root: Path, options: Options) -> Report:
    workers = Workers(1)
    with fresh_home() as env:
        settings = IndexSettings(vectors=False)
        index = await open_workspace(root, Path(env["COPILOT_LSP_HOME"]) / "cache", settings, workers)
        try:
            await index.crawl()
            return await _measured(index, options)
        finally:
            await index.close()
            await workers.close()


async def _measured(index: Workspace, options: Options) -> Report:
    with index.database.read() as connection:
        pieces = connection.execute("SELECT count(*) FROM pieces").fetchall()[0][0]
    report = Report("search", f"{pieces:,} pieces, {count_workspace(index.root):,} lines of Python; processor time")
    chance = random.Random(options.seed)
    names, lines = material(index, chance, options.times(200))
    sentences = [case.query for case in docstrings(_PACKAGES[0], options.times(200))]
    await search(index, "warm up the caches of the connection")
    asked = {
        "search for a sentence": [await _asked(index, query) for query in sentences],
        "search for a name": [await _asked(index, query) for query in names],
        "search for a line of code": [await _asked(index, query) for query in lines],
    }
    report.samples = [
        Samples(_SCAN, [timed(scan, index, query) for query in lines[: options.times(5)]]),
        *(Samples(label, values, baseline=_SCAN) for label, values in asked.items()),
        Samples("definitions of a name", [timed(find, index, name) for name in names]),
        Samples("names with a prefix", [timed(complete_prefix, index, name[:3]) for name in names]),
        Samples("references of 20 names", [timed(count_references, index, names[:20]) for _ in range(5)]),
        Samples("neighbours of a file", [timed(neighbours, index, one.path) for one in some_files(index, chance)]),
    ]
    every = Samples("all searches", [value for values in asked.values() for value in values])
    report.samples.append(every)
    report.bars = [
        Bar("p50 of all searches", 1_000 * every.quantile(0.5), 5, "ms"),
        Bar("p95 of all searches", 1_000 * every.quantile(0.95), 20, "ms"),
    ]
    return report


def _large() -> Path:
    """The tree, put together once and kept in the user's cache folder."""
    kept = folder() / "large-1"
    if not kept.exists():
        scratch = kept.with_name("large-1.part")
        shutil.rmtree(scratch, ignore_errors=True)
        for package in _PACKAGES:
            shutil.copytree(original(package), scratch / package.partition("==")[0], symlinks=True)
        aside = shutil.ignore_patterns("site-packages", "__pycache__", "*.so", "*.a")
        shutil.copytree(sysconfig.get_path("stdlib"), scratch / "stdlib", symlinks=True, ignore=aside)
        scratch.rename(kept)
    return kept


async def _asked(index: Workspace, query: str) -> float:
    began = time.process_time()
    await search(index, query)
    return time.process_time() - began


def timed(function, *arguments) -> float:
    began = time.process_time()
    function(*arguments)
    return time.process_time() - began


def scan(index: Workspace, query: str) -> int:
    """How many lines hold one of the query's words."""
    pattern = re.compile("|".join(map(re.escape, terms_of(query).words)), re.IGNORECASE)
    return sum(len(pattern.findall((index.root / one.path).read_text("utf-8", "replace"))) for one in files(index))


def material(index: Workspace, chance: random.Random, number: int) -> tuple[list[str], list[str]]:
    """Names that are defined in the workspace, and lines of its code that hold some words."""
    with index.database.read() as connection:
        defined = [row[0] for row in connection.execute("SELECT DISTINCT name FROM symbols WHERE length(name) > 4")]
    paths = [one.path for one in files(index) if one.language == "python"]
    lines: list[str] = []
    while len(lines) < number:
        text = (index.root / chance.choice(paths)).read_text("utf-8", "replace")
        line = chance.choice(text.split("\n")).strip()
        if len(terms_of(line).words) >= 3:
            lines.append(line)
    return chance.sample(defined, min(number, len(defined))), lines


def some_files(index: Workspace, chance: random.Random):
    return chance.sample([one for one in files(index) if one.language], 30)
