"""How long does the embedded engine itself take: lexing, following a keystroke, completing, opening its corpus?

In CPU time of this process, in a long file of a large workspace, with a random line or the rest of one hidden.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import psutil

from bench.options import Options
from bench.report import Bar, Report, Samples
from bench.tasks.embedded import asked, workspace_files, write_corpus
from bench.tasks.load import Project, draw
from bench.workspace import count_lines, count_workspace, long_file, workspace
from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.fill import FillRequest
from copilot_lsp.core.text import Position, Span, at
from copilot_lsp.recall.complete import complete
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.recall.match import Limits
from copilot_lsp.recall.query import queries
from copilot_lsp.recall.tokens import settle, tokens_of


def run(options: Options) -> Report:
    root = workspace(options.workspace)
    path = long_file(root)
    about = f"{path.relative_to(root)} ({count_lines(path):,} lines) in {root.name} ({count_workspace(root):,} lines)"
    text = document(path.as_uri(), path.read_text(encoding="utf-8"), "python")
    known = tokens_of(text)
    with tempfile.TemporaryDirectory() as folder:
        build = _cpu(lambda: write_corpus(root, workspace_files(root), Path(folder)))
        opening = [_cpu(lambda: Corpus.open(Path(folder)).close()) for _ in range(5)]
        corpus = Corpus.open(Path(folder))
        filled: list[float] = []
        empty: list[float] = []
        follow: list[float] = []
        tasks = draw(root, [path], "python", options.times(500), random.Random(options.seed))
        project = Project(root.name, "python", root, tasks)
        for task in tasks:
            request = asked(project, task)
            follow.append(_cpu(partial(known.replaced, request.document)))
            tokens = known.replaced(request.document)
            begun = time.process_time()
            fills = complete(request, tokens, corpus, {})
            (filled if fills else empty).append(time.process_time() - begun)
        held = psutil.Process().memory_info().rss
        learning = [_cpu(partial(asyncio.run, _saved(corpus, text))) for _ in range(5)]
        corpus.close()
    samples = [
        Samples("lexing the file", [_cpu(lambda: tokens_of(text)) for _ in range(5)]),
        Samples("a slice of that", _slices(text)),
        Samples("following an edit", follow),
        Samples("completing", filled + empty),
        Samples("with text", filled),
        Samples("empty", empty),
        Samples("opening the corpus", opening),
        Samples("learning a saved file", learning),
    ]
    completing = samples[3]
    bars = [
        Bar("p50 of completing", completing.quantile(0.5) * 1000, 3, "ms"),
        Bar("p95 of completing", completing.quantile(0.95) * 1000, 10, "ms"),
        Bar("p95 of following an edit", samples[2].quantile(0.95) * 1000, 0.5, "ms"),
        Bar("learning a saved file of 5,000 lines", median(learning) * 1000, 20, "ms"),
        Bar("opening the corpus", median(opening), 1, "s"),
        Bar("lines built in a second", count_workspace(root) / build, 50_000, least=True),
        Bar("resident memory of the process", held / 1e6, 400, "MB"),
        Bar("share with text", len(filled) / len(follow), 0.5, least=True),
    ]
    return Report("recall_latency", about, samples, {"building the corpus": f"{build:.1f} s of CPU"}, bars)


async def _saved(corpus: Corpus, text: Document) -> None:
    """A file is saved with a line more, and the next completion knows it."""
    edit = Edit(Span(Position(0, 0), Position(0, 0)), "saved = 1\n")
    await corpus.update(text.uri, text.replaced([edit], 2).text)
    other = document(f"{text.uri}.other.py", "saved = \n")
    corpus.usual(frozenset())
    list(
        corpus.places(queries(FillRequest(other, at(0, 8)), tokens_of(other))[0], other.uri, frozenset(), Limits(1, 0))
    )


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _slices(text: Document) -> list[float]:
    """How long the event loop is held each time while a file is lexed."""
    times: list[float] = []

    async def watch() -> None:
        work = asyncio.ensure_future(settle(text))
        while not work.done():
            begun = time.process_time()
            await asyncio.sleep(0)
            times.append(time.process_time() - begun)

    asyncio.run(watch())
    return times
