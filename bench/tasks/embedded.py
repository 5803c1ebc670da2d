"""What does the embedded engine say to a task, asked in this process?

The corpus is built of the files that the server would list, once for each state of the engine's code, and kept in the
cache folder.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path

from bench.tasks.answer import Answer
from bench.tasks.load import Project, Task
from copilot_lsp import recall
from copilot_lsp.agents.settings import CompletionSettings
from copilot_lsp.core.fill import FillLimits, FillRequest
from copilot_lsp.core.text import Span
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.walk import Rules, Walk
from copilot_lsp.recall.build import build
from copilot_lsp.recall.complete import complete
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.recall.settings import RecallSettings
from copilot_lsp.recall.tokens import tokens_of

_MOST_TOKENS = 9_000_000


def answers(project: Project, tasks: Sequence[Task], settings: RecallSettings | None = None) -> list[Answer]:
    """What the engine offers first for each task, in their order."""
    corpus = corpus_of(project)
    found: list[Answer] = []
    for task in tasks:
        request = asked(project, task)
        fills = complete(request, tokens_of(request.document), corpus, {}, settings or RecallSettings())
        found.append(Answer(task, fills[0].text if fills else "", fills[0].confidence if fills else 0.0))
    corpus.close()
    return found


def asked(project: Project, task: Task) -> FillRequest:
    """The request that an editor causes where it stands."""
    limits = FillLimits(lines=CompletionSettings().max_lines)
    return FillRequest(project.document(task), Span(task.position, task.position), limits=limits)


def corpus_of(project: Project) -> Corpus:
    """The corpus of a project's files, of which there is one for each state of the engine's code."""
    folder = user_cache_path("copilot-lsp") / "bench" / "corpora" / f"{project.root.name}-{_code()}"
    if not folder.exists():
        for old in folder.parent.glob(f"{project.root.name}-*/*"):
            old.unlink()
        folder.mkdir(parents=True)
        write_corpus(project.root, workspace_files(project.root), folder)
    return Corpus.open(folder)


def workspace_files(root: Path) -> list[str]:
    """The paths below a folder of the files that the server would index."""
    return [found.path for found in Walk(Rules.of(root, IndexSettings().scope)).files()]


def write_corpus(root: Path, paths: Sequence[str], folder: Path) -> None:
    """Build a corpus of these files, here and now, into a folder."""
    rows = [(path, "") for path in paths]
    ask = {"root": str(root), "target": str(folder / "1.recall"), "tokens": _MOST_TOKENS, "files": rows}
    build(json.dumps(ask).encode(), lambda _: None)


def _code() -> str:
    """A digest of the engine's source."""
    digest = hashlib.sha256()
    for path in sorted(Path(next(iter(recall.__path__))).glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
