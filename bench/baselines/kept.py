"""What do the baselines say to the tasks of a project? Worked out once and kept: they change only with their code."""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from platformdirs import user_cache_path

from bench.baselines.copying import copy
from bench.baselines.ngram import write
from bench.baselines.workspace import Hole, Workspace, hole, read
from bench.tasks.answer import Answer
from bench.tasks.embedded import workspace_files
from bench.tasks.load import Project, Task

# By name, and whether a word that is typed in part is a token of its own to it, instead of the beginning of one.
_BASELINES: dict[str, tuple[Callable[[Hole, Workspace], str], bool]] = {
    "plain copy": (copy, False),
    "literal copy": (copy, True),
    "n-gram cache": (write, False),
}


def answers(project: Project, tasks: Sequence[Task]) -> dict[str, list[Answer]]:
    """By baseline, its answers to the first tasks of a project, in their order."""
    path = user_cache_path("copilot-lsp") / "bench" / "baselines" / f"{project.root.name}-{_key(project)}.json"
    kept: dict[str, list[str]] = (
        json.loads(path.read_text("utf-8")) if path.exists() else {one: [] for one in _BASELINES}
    )
    missing = tasks[min(map(len, kept.values())) :]
    if missing:
        for name, texts in _said(project, missing).items():
            kept[name] += texts
        path.parent.mkdir(parents=True, exist_ok=True)
        # Two benches may run at once: whoever reads sees the whole of one's answers.
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        part.write_text(json.dumps(kept), encoding="utf-8")
        part.replace(path)
    return {name: [Answer(*pair) for pair in zip(tasks, texts, strict=False)] for name, texts in kept.items()}


def _said(project: Project, tasks: Sequence[Task]) -> dict[str, list[str]]:
    workspace = read(project.root, workspace_files(project.root))
    said: dict[str, list[str]] = {name: [] for name in _BASELINES}
    for task in tasks:
        document = project.document(task)
        cursor = document.offset(task.position)
        for name, (baseline, literal) in _BASELINES.items():
            prefix, suffix = document.text[:cursor], document.text[cursor:]
            asked = hole(task.path, prefix, suffix, workspace.vocabulary, literal=literal)
            said[name].append(baseline(asked, workspace))
    return said


def _key(project: Project) -> str:
    """A digest of the tasks and of the code that answers them."""
    digest = hashlib.sha256(repr(project.tasks).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
