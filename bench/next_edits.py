"""How long do next edits take, and are those after a rename the true ones?

Real code is changed the way a person does it: a name at its declaration, a parameter that comes, the same edit at two
calls. What must follow a rename is told by jedi, never by our own reading of scopes; without jedi that is left out.
"""

import gc
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.options import Options
from bench.report import Bar, Report, Samples
from bench.workspace import count_lines, long_file, workspace
from copilot_lsp.agents.next_edits.follow import next_edits
from copilot_lsp.agents.next_edits.scene import Scene
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.agents.view import RecentEdit
from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Span
from copilot_lsp.syntax.symbols import symbols
from copilot_lsp.syntax.tree import SyntaxTree, parse
from copilot_lsp.syntax.uses import use_at

_NEW = "renamed_name"
_NAME = re.compile(r"[^\W\d]\w*")
_CALL = re.compile(r"(?<=[\w)])\((?=[^()\n]*\))")
_PARAMETERS = re.compile(r"^[ \t]*def \w+\((?!\))", re.MULTILINE)


@dataclass(slots=True)
class Score:
    """How many places were offered, how many of them rightly, and how many there were."""

    offered: int = 0
    right: int = 0
    true: int = 0
    wrong: list[str] = field(default_factory=list[str])


def run(options: Options) -> Report:
    root = workspace(options.workspace)
    path = long_file(root)
    report = Report(
        "next_edits", f"edits in {path.name} ({count_lines(path):,} lines), renames in files of {root.name}"
    )
    chance = random.Random(options.seed)
    text = path.read_text(encoding="utf-8")
    for label, made in _KINDS.items():
        _timed(text, next(made(text, chance, 1)))  # queries are compiled at their first use
        gc.freeze()  # as the server does when it has started
        report.samples.append(Samples(label, [_timed(text, edits) for edits in made(text, chance, options.times(60))]))
    slowest = max(one.quantile(0.95) for one in report.samples)
    report.bars.append(Bar("CPU time, p95 of the slowest kind", slowest * 1000, 20.0, "ms"))
    scores = _scored(root, chance, options.times(300))
    if scores is None:
        report.facts["precision"] = "not measured: install jedi"
        return report
    for kind, score in sorted(scores.items()):
        report.facts[f"{kind}"] = (
            f"precision {_share(score.right, score.offered):.3f} of {score.offered} offered, "
            f"recall {_share(score.right, score.true):.3f} of {score.true}"
        )
    right, offered = (sum(getattr(one, name) for one in scores.values()) for name in ("right", "offered"))
    report.bars.append(Bar("precision of renames", _share(right, offered), 0.95, least=True))
    return report


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


Made = list[tuple[int, int, str]]


def _renamed(text: str, chance: random.Random, count: int) -> Iterator[Made]:
    """Any name at any place, one that is declared there or not."""
    names = list(_NAME.finditer(text))
    for match in chance.sample(names, count):
        yield [(match.start(), match.end(), _NEW)]


def _parameter(text: str, chance: random.Random, count: int) -> Iterator[Made]:
    lists = list(_PARAMETERS.finditer(text))
    for match in chance.choices(lists, k=count):
        close = text.index(")", match.end())
        yield [(close, close, ", added")]


def _repeated(text: str, chance: random.Random, count: int) -> Iterator[Made]:
    """An argument put into two calls."""
    calls = list(_CALL.finditer(text))
    for _ in range(count):
        one, other = sorted(chance.sample(calls, 2), key=lambda match: match.start())
        yield [(other.end(), other.end(), "first, "), (one.end(), one.end(), "first, ")]


_KINDS = {"a name replaced": _renamed, "a parameter added": _parameter, "an edit repeated": _repeated}


def _timed(text: str, made: Made) -> float:
    scene = _scene(document("file:///bench/file.py", text, "python", 1), made)
    begun = time.process_time()
    next_edits(scene)
    return time.process_time() - begun


def _scene(before: Document, made: Made) -> Scene:
    """A session after some edits, given from the last to the first place, with its tree made."""
    current = before
    edits: list[RecentEdit] = []
    for number, (start, end, new) in enumerate(made):
        edit = Edit(Span(current.position(start), current.position(end)), new)
        edits.append(RecentEdit(current.uri, edit, start, current.text[start:end], float(100 * number)))
        current = current.replaced((edit,), current.version + 1)
    cursor = current.position(made[-1][0])
    return Scene(current, cursor, {current.uri: parse(current)}, tuple(edits))


def _scored(root: Path, chance: random.Random, count: int) -> dict[str, Score] | None:
    """By kind of name, what is offered after a rename at a declaration, compared with what jedi says."""
    try:
        import jedi
    except ImportError:
        return None
    files = [path for path in sorted(root.rglob("*.py")) if 2_000 < path.stat().st_size < 40_000]
    scores: dict[str, Score] = {}
    for path in chance.sample(files, min(len(files), count)):
        text = path.read_text(encoding="utf-8")
        before = document(path.as_uri(), text, "python", 1)
        declared = list(_declared(parse(before)))
        if declared:
            kind, start, end = chance.choice(declared)
            truth = _truth(jedi, text, before, start)
            if truth is not None:
                _count(scores.setdefault(kind, Score()), before, start, end, truth)
    return scores


def _declared(tree: SyntaxTree) -> Iterator[tuple[str, int, int]]:
    """The names that are declared in a document and may be renamed, with what they are."""
    members = {one.name_span.start: one.kind for one in symbols(tree) if one.container}
    for match in _NAME.finditer(tree.document.text):
        start, end = (tree.offsets.byte_at(offset) for offset in match.span())
        use = use_at(tree, start, end)
        if use is None or match[0] in tree.language.keywords or match[0].startswith("__"):
            continue
        member = members.get(tree.document.position(match.start()))
        if use.binds and use.binds not in ("import", "module"):
            yield f"{'member' if member else 'name'}: {member or use.binds}", *match.span()
        elif use.owner == "self" and tree.document.text[match.end() :].lstrip(" ")[:1] == "=":
            yield "member: attribute", *match.span()


def _truth(jedi: Any, text: str, before: Document, start: int) -> set[int] | None:
    """Where the name is used in its file, None where jedi gives up."""
    place = before.position(start)
    try:
        found = jedi.Script(text).get_references(place.line + 1, place.column, scope="file")
    except Exception:  # noqa: BLE001 - jedi fails in many ways, and one name more or less does not matter
        return None
    return {before.starts[one.line - 1] + one.column for one in found if one.module_path is None and one.line}


def _count(score: Score, before: Document, start: int, end: int, truth: set[int]) -> None:
    scene = _scene(before, [(start, end, _NEW)])
    grown = len(_NEW) - (end - start)
    code = [one for one in next_edits(scene) if one.kind == "rename" and not _inert(scene, one)]
    places = [scene.document.offset(one.span.start) for one in code]
    offered = {place - grown if place > start else place for place in places}
    rest = truth - {start}
    score.offered += len(offered)
    score.right += len(offered & rest)
    score.true += len(rest)
    kinds = Counter(before.line(before.position(place).line).strip() for place in offered - rest)
    score.wrong += [f"{before.text[start:end]}: {line}" for line in kinds]


def _inert(scene: Scene, edit: NextEdit) -> bool:
    """Whether a place is in a string or a comment, as in documentation: jedi does not look there."""
    tree = scene.trees[edit.uri]
    return any(word in tree.node_at(edit.span.start).type for word in ("string", "comment"))
