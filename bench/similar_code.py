"""How much of what is written next stands in the code that is retrieved as similar?

Lines in the middle of files are hidden. Counted are those of the next lines that stand word for word in one of the
pieces that are found for the lines above, and the names in them that are not in sight. The file itself is left out, as
an open one is. The baseline finds pieces by rare names alone, without vectors.
"""

import asyncio
import random
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench.options import Options
from bench.processes import fresh_home
from bench.report import Bar, Report, Samples
from bench.retrieval.trees import DEVELOPMENT, TEST, original
from copilot_lsp.agents.context import lines_like, names_near
from copilot_lsp.core.document import Document, document
from copilot_lsp.core.text import Position
from copilot_lsp.index.files import files
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.similar import similar
from copilot_lsp.index.workspace import Workspace, open_workspace
from copilot_lsp.workers.pool import Workers

_PLACES = 100
_SHOWN = 4
_ABOVE, _BELOW = 30, 8
# Shorter lines are brackets and keywords, which stand everywhere.
_TELLING = 12
_WORD = re.compile(r"[^\W\d]\w{2,}")


@dataclass(slots=True)
class Found:
    """Shares of what was hidden, one for each place, and the seconds of CPU that finding took."""

    lines: list[float] = field(default_factory=list[float])
    names: list[float] = field(default_factory=list[float])
    cpu: list[float] = field(default_factory=list[float])


def run(options: Options) -> Report:
    return asyncio.run(measure(options))


async def measure(options: Options) -> Report:
    packages = DEVELOPMENT if options.half == "development" else TEST
    by_names, both = Found(), Found()
    workers = Workers(1)
    try:
        for package in packages:
            with fresh_home() as env:
                cache = Path(env["COPILOT_LSP_HOME"]) / "cache"
                index = await open_workspace(original(package).resolve(), cache, IndexSettings(), workers)
                try:
                    await index.crawl()
                    await index.followed()
                    _ask(index, package, options.times(_PLACES), by_names, both)
                finally:
                    await index.close()
    finally:
        await workers.close()
    report = Report("similar_code", f"hidden lines in {', '.join(packages)}, {len(both.lines)} places")
    for label, found in (("names alone", by_names), ("names and vectors", both)):
        report.facts[label] = f"{_mean(found.lines):.1%} of the lines, {_mean(found.names):.1%} of the new names"
    report.samples = [Samples("names alone", by_names.cpu), Samples("names and vectors", both.cpu, "ms", "names alone")]
    report.bars = [
        Bar("lines, times names alone", _mean(both.lines) / _mean(by_names.lines), 1.5, least=True),
        Bar("names, times names alone", _mean(both.names) / _mean(by_names.names), 1.5, least=True),
    ]
    return report


def _ask(index: Workspace, package: str, number: int, by_names: Found, both: Found) -> None:
    draw = random.Random(package)
    sources = [one.path for one in files(index) if one.language == "python"]
    for _ in range(number):
        path, shown, line, hidden = _drawn(index, sources, draw)
        seen = Position(line, 0)
        above = "\n".join(shown.line(number) for number in range(max(0, line - _ABOVE), line))
        new = set(_WORD.findall("\n".join(hidden))) - set(_WORD.findall(above))
        for code, found in (("", by_names), (lines_like(shown, seen), both)):
            began = time.process_time()
            pieces = similar(index, names_near(shown, seen), code, [path], _SHOWN)
            found.cpu.append(time.process_time() - began)
            text = "\n".join(one.text for one in pieces)
            lines = {one.strip() for one in text.splitlines()}
            found.lines.append(sum(one in lines for one in hidden) / len(hidden))
            if new:
                found.names.append(len(new & set(_WORD.findall(text))) / len(new))


def _drawn(index: Workspace, sources: list[str], draw: random.Random) -> tuple[str, Document, int, list[str]]:
    """A file, a line in it, and the telling lines that follow."""
    while True:
        path = draw.choice(sources)
        shown = document("", (index.root / path).read_text("utf-8", "replace"), "python")
        if shown.line_count <= _ABOVE + _BELOW:
            continue
        line = draw.randrange(_ABOVE, shown.line_count - _BELOW)
        below = [shown.line(number).strip() for number in range(line, line + _BELOW)]
        hidden = [one for one in below if len(one) >= _TELLING]
        if len(hidden) > _BELOW // 2:
            return path, shown, line, hidden


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
