"""Which definitions of the workspace does the code at a place of a document need next?

Found by what its imports mean and what is in sight: not by likeness of texts, which finds one in ten of them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

from copilot_lsp.core.document import Document
from copilot_lsp.core.errors import StoreError, UnknownLanguage
from copilot_lsp.core.fill import Chunk
from copilot_lsp.core.text import Position
from copilot_lsp.index.defined import Defined, Opened
from copilot_lsp.index.evidence import proposals
from copilot_lsp.index.outlines import Part, outlines
from copilot_lsp.index.scene import scene
from copilot_lsp.index.sight import look
from copilot_lsp.index.source import NotIndexed, read_source
from copilot_lsp.index.trail import Memory, Trail
from copilot_lsp.index.workspace import Workspace
from copilot_lsp.index.worth import Unit, chance, reason, units
from copilot_lsp.store.connection import Connection
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.language import Language
from copilot_lsp.syntax.tree import SyntaxTree

_LATER = 0.4
_LINE_END = re.compile(r"\r\n|\n|\r")

_memories: WeakKeyDictionary[Workspace, Memory] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Subject:
    """The document that is asked about, as it is now. `tree` is None without a grammar; it may be a little older."""

    document: Document
    tree: SyntaxTree | None
    holds: Opened


def related(
    workspace: Workspace,
    subject: Subject,
    position: Position,
    opened: Mapping[str, Opened | None],
    *,
    changed: Sequence[str] = (),
    limit: int = 12,
) -> tuple[Chunk, ...]:
    """Outlines of classes and files, the likeliest first; `score` is the estimated chance that one is needed.

    `opened` has what the session's open documents hold, by path below the root; their files are not read. `changed`
    are paths of files that are worked on. An index that cannot be read gives nothing. Synchronous, a few milliseconds:
    run it in a thread.
    """
    path = workspace.path_of(subject.document.uri) or ""
    sight = look(subject.document, subject.tree, subject.holds.symbols, subject.holds.imports, position)
    try:
        with workspace.database.read() as connection:
            defined = Defined(connection, {**opened, path: subject.holds}, path)
            trail = Trail(defined, _memory(workspace, connection))
            found = units(proposals(scene(defined, trail, path, subject.document.language, sight, changed)))
            ranked = sorted(found.values(), key=lambda unit: (-chance(unit), unit.path, unit.container))
            language = _language(subject.document.language)
            lines = reader(workspace, defined)
            chunks: list[Chunk] = []
            for unit in ranked:
                # Later parts of a likely class may come behind the next one, but nothing comes before what is likelier.
                if len(chunks) >= limit and chance(unit) <= sorted(one.score for one in chunks)[-limit]:
                    break
                chunks += _chunks(workspace, unit, outlines(defined, unit, language, lines))
    except StoreError as error:
        workspace.unreadable(error)
        return ()
    return tuple(sorted(chunks, key=lambda chunk: -chunk.score)[:limit])


def reader(workspace: Workspace, defined: Defined) -> Callable[[str], Sequence[str]]:
    """What gives the lines of a file for its outlines: of an open document as it is now, else as it was indexed."""

    @cache
    def lines(path: str) -> Sequence[str]:
        if path in defined.opened:
            opened = defined.opened[path]
            return _split(opened.text) if opened else ()
        try:
            source = read_source(workspace.root / path, workspace.scope.max_file_bytes)
        except NotIndexed:
            return ()
        return _split(source.text) if source.digest == defined.digest(path) else ()

    return lines


def _split(text: str) -> list[str]:
    """The lines of a text; most have one kind of line end, which is ten times as fast."""
    return _LINE_END.split(text) if "\r" in text else text.split("\n")


def _chunks(workspace: Workspace, unit: Unit, parts: Sequence[Part]) -> list[Chunk]:
    """The outlines of a unit; what is not wanted in particular is needed less often with each further part."""
    uri, said, score = workspace.uri_of(unit.path), reason(unit), chance(unit)
    return [
        Chunk(uri, unit.path, part.span, part.text, _name(unit, number), score * _LATER**number, said)
        for number, part in enumerate(parts)
    ]


def _name(unit: Unit, number: int) -> str:
    name = unit.container or "definitions"
    return f"{name} ({number + 1})" if number else name


def _memory(workspace: Workspace, connection: Connection) -> Memory:
    memory = _memories.setdefault(workspace, Memory())
    memory.check(connection)
    return memory


def _language(name: str) -> Language | None:
    try:
        return languages.get(name)
    except UnknownLanguage:
        return None
