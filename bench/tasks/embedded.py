"""What does the embedded engine say to a task, asked in this process?

The corpus is built of the files that the server would list, once for each state of the code that builds it, and kept
in the cache folder.
"""

import hashlib
import json
import re
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path

from bench.tasks.answer import Answer
from bench.tasks.load import Project, Task
from copilot_lsp.agents.settings import CompletionSettings
from copilot_lsp.core.fill import FillLimits, FillRequest
from copilot_lsp.core.text import Span
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.walk import Rules, Walk
from copilot_lsp.recall import build as build_module
from copilot_lsp.recall.complete import complete
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.recall.settings import RecallSettings
from copilot_lsp.recall.tokens import tokens_of

# As many as the server takes.
_MOST_TOKENS = 6_000_000
# Seconds; a set of corpora is 300 MB.
_SHORT_LIVED = 3600.0
_IMPORTED = re.compile(r"^from copilot_lsp\.recall(?:\.| import )(\w+)", re.MULTILINE)


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
    """The corpus of a project's files, of which there is one for each state of the code that builds it."""
    kept = user_cache_path("copilot-lsp") / "bench" / "corpora" / f"{project.root.name}-{_CODE}"
    corpus = Corpus.open(kept)
    if not corpus.size:
        kept.mkdir(parents=True, exist_ok=True)
        _forget(kept.parent)
        write_corpus(project.root, workspace_files(project.root), kept)
        corpus = Corpus.open(kept)
    return corpus


def _forget(folder: Path) -> None:
    """Remove corpora that nobody has built or will open any more: those of an hour ago, of all projects."""
    for old in folder.iterdir():
        if time.time() - old.stat().st_mtime > _SHORT_LIVED:
            shutil.rmtree(old, ignore_errors=True)


def workspace_files(root: Path) -> list[str]:
    """The paths below a folder of the files that the server would index."""
    return [found.path for found in Walk(Rules.of(root, IndexSettings().scope)).files()]


def write_corpus(root: Path, paths: Sequence[str], folder: Path) -> None:
    """Build a corpus of these files, here and now, into a folder."""
    rows = [(path, "") for path in paths]
    ask = {"root": str(root), "target": str(folder / "1.recall"), "tokens": _MOST_TOKENS, "files": rows}
    build_module.build(json.dumps(ask).encode(), lambda _: None)


def _code() -> str:
    """A digest of the source of `build` and of what it imports of the engine."""
    folder, digest = Path(build_module.__file__).parent, hashlib.sha256()
    found = ["build"]
    for name in found:
        source = (folder / f"{name}.py").read_text(encoding="utf-8")
        digest.update(source.encode())
        found += [one for one in _IMPORTED.findall(source) if one not in found]
    return digest.hexdigest()[:16]


# At once: the source may change while this runs.
_CODE = _code()
