"""Which import does a name need that was typed just now?

The statement is not made up: it is the one by which another file of the workspace imports the same definition.
"""

from collections.abc import Iterator

from copilot_lsp.agents.next_edits.elsewhere import module_name
from copilot_lsp.agents.next_edits.history import Past
from copilot_lsp.agents.next_edits.scene import Cause, Scene, line_end
from copilot_lsp.agents.next_edits.tokens import NAME, changed_tokens, tokens
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.core.document import document
from copilot_lsp.core.errors import DeadlineExceeded, StoreError
from copilot_lsp.core.text import Position, Span
from copilot_lsp.index import symbols as workspace_symbols
from copilot_lsp.index.graph import distance, neighbours
from copilot_lsp.index.source import NotIndexed, read_source
from copilot_lsp.index.workspace import Workspace
from copilot_lsp.syntax import imports, queries
from copilot_lsp.syntax.bindings import Names
from copilot_lsp.syntax.imports import Import
from copilot_lsp.syntax.tree import SyntaxTree, parse
from copilot_lsp.syntax.uses import places

_NAMES = 3
_SHORTEST = 3
# Imports stand at a file's beginning; so many files are looked at for one, 1 ms each.
_FILES = 6
_HEAD = 6_000
_LARGEST = 1_000_000
_CONFIDENCE = 0.7


def missing_imports(scene: Scene, past: Past) -> Iterator[NextEdit]:
    """The import statements for what the focus of a past uses and nothing in the document binds."""
    tree = past.now
    if tree.document is not scene.document or scene.index is None or queries.query(tree.language, "scopes") is None:
        return
    names = _unbound(scene, past)[:_NAMES]
    known = imports.imports(tree) if names else ()
    if not known:
        return
    for name in names:
        statement = next(_statements(scene, tree, name), None)
        if statement is not None:
            line = max(one.span.end.line for one in known if one.span.start.line <= _first_block(known))
            place = Position(line, len(tree.document.line(line)))
            cause = Cause("import", f"`{name}` is not imported", name)
            yield cause.at(tree.document, Span(place, place), f"{line_end(tree.document)}{statement}", _CONFIDENCE)


def _unbound(scene: Scene, past: Past) -> list[str]:
    """The names that came with the focus, are used bare, and were never used in the document before."""
    now = past.now.document
    cursor = now.offset(scene.cursor)
    found: list[str] = []
    for small in changed_tokens(past, past.focus):
        for token in tokens(now.text, small.now_start, small.now_end):
            inert = not NAME.fullmatch(token.text) or len(token.text) < _SHORTEST or token.end == cursor
            if inert or token.text in found or token.text in past.now.language.keywords:
                continue
            start, end = past.now.offsets.byte_at(token.start), past.now.offsets.byte_at(token.end)
            if places(past.now, token.text) == [(start, end)]:
                bound = Names(past.now, token.text).bound(start)
                if bound is not None and bound.home is None and not bound.uses[0].binds:
                    found.append(token.text)
    return found


def _statements(scene: Scene, tree: SyntaxTree, name: str) -> Iterator[str]:
    """The statements that import what the workspace defines by this name, the ones of open documents first."""
    index = scene.index
    here = index.path_of(tree.document.uri) if index else None
    if index is None or here is None:
        return
    found = workspace_symbols.find(index, name, exclude=frozenset({tree.document.uri}))
    defined = [one for one in found if not one.container]
    if len(defined) != 1 or defined[0].path == here:
        return
    stem = module_name(defined[0].uri)
    for other in scene.others:
        path = index.path_of(other.document.uri)
        if other.language is tree.language and path is not None:
            yield from _in_tree(other, name, stem, distance(here, path) == 0)
    for path in _importers(index, defined[0].path, hidden=index.paths_of(frozenset(scene.trees))):
        head = _head(index, path, tree)
        if head is not None:
            yield from _in_tree(head, name, stem, distance(here, path) == 0)


def _importers(index: Workspace, path: str, hidden: frozenset[str]) -> list[str]:
    try:
        return [one for one in neighbours(index, path) if one not in hidden][:_FILES]
    except StoreError as error:
        index.unreadable(error)
        return []


def _head(index: Workspace, path: str, like: SyntaxTree) -> SyntaxTree | None:
    """The tree of a file's beginning, of the same language by its suffix."""
    if not path.endswith(like.language.extensions):
        return None
    try:
        text = read_source(index.root / path, _LARGEST).text
        return parse(document(index.uri_of(path), text[:_HEAD], like.language.id), like.language)
    except (NotIndexed, DeadlineExceeded):
        return None


def _in_tree(tree: SyntaxTree, name: str, stem: str, beside: bool) -> Iterator[str]:
    """The statements of one line that import a name from a module; a relative one means the same only beside."""
    for one in imports.imports(tree):
        line = tree.document.line(one.span.start.line).strip()
        relative = one.module.startswith(".")
        if stem not in one.module or (relative and not beside) or one.span.start.line != one.span.end.line:
            continue
        if one.names == (name,) or (not one.names and one.module.endswith(name)):
            yield line
        elif name in one.names and (listed := ", ".join(one.names)) in line:
            yield line.replace(listed, name)


def _first_block(known: tuple[Import, ...]) -> int:
    """The last line of the imports that stand together at the beginning."""
    last = known[0].span.end.line
    for one in known:
        if one.span.start.line > last + 2:
            break
        last = max(last, one.span.end.line)
    return last
