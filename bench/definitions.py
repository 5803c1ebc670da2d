"""How often is what a hidden line needs from other files among what is retrieved for it?

Lines of projects are hidden one at a time; what the names in one mean is told by jedi or the language's compiler, never
by our index. Asked is what a model would be shown there, with the file open. Beside it BM25 over the pieces of the
workspace with the names around the cursor as its query, alone and with the pieces of imported files first; each is
taken with the query and the order that suit it best.
"""

import asyncio
import gc
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.options import Options
from bench.report import Bar, Report, Samples
from bench.tasks.fetch import fetch
from bench.tasks.packages import packages
from bench.truth.asking import Asking
from bench.truth.bm25 import Bm25
from bench.truth.told import LANGUAGES, told
from bench.truth.use import Use, read_lines
from copilot_lsp.core.fill import Chunk

_SHOWN = 10
_USES = 300
# Lines above and below whose names are the query.
_WINDOWS = ((12, 0), (10, 10), (5, 5))


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether each way of retrieving found a definition, and about the use that needed it."""

    first: bool
    ours: bool
    plain: tuple[bool, ...]
    imports: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Project:
    name: str
    root: Path
    language: str


def run(options: Options) -> Report:
    chosen = [] if options.workspace else [one for one in packages(options.half) if one.language in LANGUAGES]
    report = Report("definitions", "what a hidden line uses of other files, among the first 10 that are retrieved")
    gains: list[float] = []
    firsts: list[float] = []
    cpu: list[float] = []
    if options.workspace:
        projects = [Project(options.workspace.name, options.workspace.resolve(), "python")]
    else:
        wanted = [one for one in chosen if not options.projects or one.name in options.projects]
        projects = [Project(one.name, fetch(one), one.language) for one in wanted]
    for project in projects:
        uses = told(project.root, project.language, options.times(_USES), options.seed)
        if not uses:
            report.facts[project.name] = "no line uses anything of another file"
            continue
        asked = asyncio.run(_ask(project, uses, cpu))
        ours, best = _share(asked, "ours"), _share(asked, "imports")
        first = [one for one in asked if one.first]
        ours_first, plain_first = _share(first, "ours"), _share(first, "plain")
        gains.append(ours / max(best, 1 / len(asked)))
        firsts.append(ours_first / max(plain_first, 1 / max(1, len(first))))
        report.facts[f"{project.name} ({project.language})"] = (
            f"{len(asked)} uses, found {ours:.2f}, imports then BM25 {best:.2f}: {gains[-1]:.2f} x; "
            f"{len(first)} first uses, found {ours_first:.2f}, BM25 {plain_first:.2f}: {firsts[-1]:.2f} x"
        )
    report.samples = [Samples("CPU of one answer", cpu)]
    if gains:
        report.bars = [
            Bar("mean over projects, times imports then BM25", sum(gains) / len(gains), 1.6, least=True),
            Bar("first uses, times BM25", sum(firsts) / len(firsts), 3.0, least=True),
            Bar("CPU of one answer, p95", report.samples[0].quantile(0.95) * 1000, 15.0, "ms"),
        ]
    return report


async def _ask(project: Project, uses: Sequence[Use], cpu: list[float]) -> list[Asked]:
    asked: list[Asked] = []
    with tempfile.TemporaryDirectory() as folder:
        async with Asking.of(project.root, project.language, Path(folder)) as asking:
            pieces = Bm25.of(asking.index)
            # The baseline holds half a million objects; a server has none of them to look through.
            gc.freeze()
            place, answers = None, ((), [], [])
            for use in sorted(uses, key=lambda use: use.place):
                if (use.place.path, use.place.line) != place:
                    place = use.place.path, use.place.line
                    await asking.hide(use)
                    await asking.above()
                    began = time.process_time()
                    ours = await asking.chunks(_SHOWN)
                    cpu.append(time.process_time() - began)
                    answers = (ours, *_baselines(asking, pieces))
                ours, plain, imports = answers
                asked.append(
                    Asked(
                        use.is_first(read_lines(project.root / use.place.path)),
                        holds(ours, use),
                        tuple(holds(chunks, use) for chunks in plain),
                        tuple(holds(chunks, use) for chunks in imports),
                    )
                )
    return asked


def _baselines(asking: Asking, pieces: Bm25) -> tuple[list[list[Chunk]], list[list[Chunk]]]:
    """What BM25 retrieves with each window, and what it retrieves with imported files first: all together, or one
    after another."""
    plain, first = [], []
    imported = asking.imported()
    together = [[path for files in imported for path in files]]
    for above, below in _WINDOWS:
        names = asking.names(above, below)
        plain.append(pieces.best(names, asking.path, _SHOWN))
        first.append(pieces.imports_first(names, asking.path, together, _SHOWN))
        first.append(pieces.imports_first(names, asking.path, imported, _SHOWN))
    return plain, first


def holds(chunks: Sequence[Chunk], use: Use) -> bool:
    """Whether one of the chunks is from where the name is defined, and shows the name."""
    name = re.compile(rf"(?<!\w){re.escape(use.name)}(?!\w)")
    return any(
        target.path == chunk.path
        and chunk.span.start.line <= target.line <= chunk.span.end.line
        and name.search(chunk.text) is not None
        for target in use.targets
        for chunk in chunks
    )


def _share(asked: Sequence[Asked], way: str) -> float:
    """The share of uses that a way found; of the baselines, which have variants, that of the best one."""
    if not asked:
        return 0.0
    if way == "ours":
        return sum(one.ours for one in asked) / len(asked)
    columns = zip(*(getattr(one, way) for one in asked), strict=True)
    return max(sum(column) for column in columns) / len(asked)
