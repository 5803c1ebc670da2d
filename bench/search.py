"""How long does a search of a workspace of about 500,000 lines take?

The baseline is reading all files and looking for the same words, which is what a search without an index does.
"""

import asyncio
import random
import re
import time
from pathlib import Path

from bench.options import Options
from bench.processes import fresh_home
from bench.report import Report, Samples
from bench.workspace import count_workspace, workspace
from copilot_lsp.index.files import files
from copilot_lsp.index.graph import neighbours
from copilot_lsp.index.search import search
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.symbols import complete_prefix, count_references, find
from copilot_lsp.index.terms import terms_of
from copilot_lsp.index.workspace import Workspace, open_workspace
from copilot_lsp.workers.pool import Workers

_SCAN = "scan of all files for the words"


def run(options: Options) -> Report:
    return asyncio.run(measure(workspace(options.workspace), options))


async def measure(root: Path, options: Options) -> Report:
    report = Report("search", f"{count_workspace(root):,} lines of Python and what is beside them")
    workers = Workers(1)
    with fresh_home() as env:
        index = await open_workspace(root, Path(env["COPILOT_LSP_HOME"]) / "cache", IndexSettings(), workers)
        await index.crawl()
        await index.followed()
        chance = random.Random(options.seed)
        names, lines = material(index, chance, options.times(200))
        report.samples = [
            Samples(_SCAN, [timed(scan, index, query) for query in lines[: options.times(5)]]),
            Samples("search for a name", [await asked(index, query) for query in names], baseline=_SCAN),
            Samples("search for a line of code", [await asked(index, query) for query in lines], baseline=_SCAN),
            Samples("definitions of a name", [timed(find, index, name) for name in names]),
            Samples("names with a prefix", [timed(complete_prefix, index, name[:3]) for name in names]),
            Samples("references of 20 names", [timed(count_references, index, names[:20]) for _ in range(5)]),
            Samples("neighbours of a file", [timed(neighbours, index, one.path) for one in some_files(index, chance)]),
        ]
        await index.close()
        await workers.close()
    return report


async def asked(index: Workspace, query: str) -> float:
    began = time.perf_counter()
    await search(index, query)
    return time.perf_counter() - began


def timed(function, *arguments) -> float:
    began = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - began


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
