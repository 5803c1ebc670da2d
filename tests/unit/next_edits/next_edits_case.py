"""What is in a file of cases: one refactoring each, as text with the user's edits and what must be offered after them.

    == why it should hold ==
    -- a.py --
    def f({{total=>count}}):
        return [[total=>count]]

`{{old=>new}}` is an edit of the user, made in reading order unless numbered as in `{{2:old=>new}}`; `[[old=>new]]` is a
place that must be offered, `[[old=>?]]` one to look at in a closed file. Whatever is not marked must not be offered.
`-- PATH (closed) --` is a file that is not open. `<CURSOR>` is where the user is, else behind the last edit.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from copilot_lsp.agents.next_edits.scene import Scene
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.agents.view import RecentEdit
from copilot_lsp.core.document import document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span
from copilot_lsp.index.crawl import crawl
from copilot_lsp.index.job import MIGRATIONS, Task
from copilot_lsp.index.place import folder_of
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.workspace import FILE, Workspace
from copilot_lsp.lsp.edits import Edits
from copilot_lsp.store.database import open_database
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.tree import parse
from copilot_lsp.workers.pool import Workers

_TITLE = re.compile(r"^== (.+?) ==$\n", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^-- (.+?) --$\n", re.MULTILINE)
_MARK = re.compile(r"\{\{(?:(\d+):)?(.*?)=>(.*?)\}\}|\[\[(.*?)=>(.*?)\]\]|<CURSOR>", re.DOTALL)


class Offer(NamedTuple):
    """A replacement in the present text, by lines and columns."""

    path: str
    start: Position
    old: str
    new: str | None

    def __str__(self) -> str:
        return f"{self.path}:{self.start.line + 1}:{self.start.column} {self.old!r} => {self.new!r}"


class Made(NamedTuple):
    """An edit of the user: where it begins in the text before all edits."""

    order: int
    path: str
    start: int
    old: str
    new: str


@dataclass(slots=True)
class Case:
    why: str
    before: dict[str, str] = field(default_factory=dict[str, str])
    closed: dict[str, str] = field(default_factory=dict[str, str])
    now: dict[str, str] = field(default_factory=dict[str, str])
    made: list[Made] = field(default_factory=list[Made])
    offers: set[Offer] = field(default_factory=set[Offer])
    cursor: tuple[str, int] | None = None


def read_cases(path: Path) -> list[Case]:
    parts = _TITLE.split(path.read_text(encoding="utf-8"))[1:]
    return [_case(why, body) for why, body in zip(parts[::2], parts[1::2], strict=True)]


def _case(why: str, body: str) -> Case:
    case = Case(" ".join(why.split()))
    parts = _FILE.split(body)[1:]
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        _read(case, name.removesuffix(" (closed)"), text.rstrip("\n") + "\n", closed=name.endswith(" (closed)"))
    return case


def _read(case: Case, path: str, marked: str, *, closed: bool) -> None:
    before, now, taken = "", "", 0
    offers: list[tuple[int, str, str]] = []
    for match in _MARK.finditer(marked):
        before += marked[taken : match.start()]
        now += marked[taken : match.start()]
        taken = match.end()
        if match[0] == "<CURSOR>":
            case.cursor = (path, len(now))
        elif match[2] is not None:
            order = int(match[1] or len(case.made) + 1)
            case.made.append(Made(order, path, len(before), match[2], match[3]))
            before, now = before + match[2], now + match[3]
        else:
            offers.append((len(now), match[4], match[5]))
            before, now = before + match[4], now + match[4]
    before, now = before + marked[taken:], now + marked[taken:]
    if closed:
        case.closed[path] = now
    else:
        case.before[path], case.now[path] = before, now
    there = document("", now)
    case.offers.update(
        Offer(path, there.position(start), old, None if new == "?" else new) for start, old, new in offers
    )


def play(case: Case, root: Path) -> Scene:
    """The scene after the case's edits, typed character by character."""
    documents = {
        path: document((root / path).as_uri(), text, languages.detect(path) or "plaintext", 1)
        for path, text in case.before.items()
    }
    kept, moved, clock = Edits(), list[Made](), 0.0
    last = (next(iter(documents)), 0)
    for made in sorted(case.made):
        shift = sum(len(one.new) - len(one.old) for one in moved if one.path == made.path and one.start < made.start)
        start = made.start + shift
        for low, high, text in _keys(start, made):
            current = documents[made.path]
            edit = Edit(Span(current.position(low), current.position(high)), text)
            kept.add(current, edit, clock)
            documents[made.path] = current.replaced((edit,), current.version + 1)
            clock += 0.1
        moved.append(made)
        last = (made.path, start + len(made.new))
        clock += 60.0
    for path, text in case.now.items():
        assert documents[path].text == text, path
    path, offset = case.cursor or last
    subject = documents[path]
    trees = {one.uri: parse(one) for one in (subject, *documents.values())}
    edits = tuple(RecentEdit(one.uri, one.edit, one.start, one.before, one.at) for one in kept)
    index = indexed(case, root) if case.closed else None
    return Scene(subject, subject.position(offset), trees, edits, index)


def indexed(case: Case, root: Path) -> Workspace:
    """The index of all files of a case as they are on disk, made in this process."""
    for path, text in (case.before | case.closed).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    task = Task(root, folder_of(root, root.parent / f"{root.name}-cache") / FILE, IndexSettings().scope)
    task.database.parent.mkdir(parents=True)
    crawl(task.encode(), lambda content: None)
    return Workspace(task, open_database(task.database, MIGRATIONS), Workers(1), None, "")


def _keys(start: int, made: Made) -> list[tuple[int, int, str]]:
    """Backspaces for what goes, then the characters that come."""
    erased = [(start + index, start + index + 1, "") for index in reversed(range(len(made.old)))]
    return [*erased, *((start + index, start + index, char) for index, char in enumerate(made.new))]


def offered(edits: tuple[NextEdit, ...], case: Case, scene: Scene, root: Path) -> list[Offer]:
    """What was offered, in its order, as a case writes it."""
    found: list[Offer] = []
    for one in edits:
        path = one.uri.removeprefix(root.as_uri() + "/")
        there = scene.trees[one.uri].document if one.uri in scene.trees else document(one.uri, case.closed[path])
        found.append(Offer(path, one.span.start, there.slice(one.span), one.text))
    return found
