"""What follows in other documents when something that they can see gets another name?"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from copilot_lsp.agents.next_edits.owners import Owners
from copilot_lsp.agents.next_edits.scene import Cause, Scene
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.core.document import document
from copilot_lsp.core.errors import StoreError
from copilot_lsp.core.text import Span
from copilot_lsp.index.graph import neighbours
from copilot_lsp.index.source import NotIndexed, read_source
from copilot_lsp.syntax import imports
from copilot_lsp.syntax.bindings import Names
from copilot_lsp.syntax.imports import Import
from copilot_lsp.syntax.tree import SyntaxTree
from copilot_lsp.syntax.uses import Use

# Closed files are read, not parsed, and only a few: what is found there is a hint where to look.
_FILES = 8
_LARGEST = 300_000
_IMPORTED = frozenset({"import", "module"})


def renamed(scene: Scene, origin: SyntaxTree, old: str, new: str, cause: Cause) -> Iterator[NextEdit]:
    """The uses of a document's top-level name in the other open documents, and the closed files that import it."""
    for tree in scene.trees.values():
        if tree is origin or old not in tree.document.text or tree.language.extends != origin.language.extends:
            continue
        for use in uses_of(tree, origin, old):
            yield _edit(tree, use, f"{old}: {new}" if use.role == "shorthand" else new, cause, 0.9)
    yield from closed(scene, origin, old, cause)


def uses_of(tree: SyntaxTree, origin: SyntaxTree, name: str) -> Iterator[Use]:
    """Where a document uses what another one defines at its top under this name."""
    named, modules = _imported(tree, origin, name)
    beside = _beside(tree, origin)
    found = Names(tree, name)
    for use in found.uses:
        if use.role in ("name", "shorthand"):
            bound = found.bound(use.start)
            if bound is None:
                continue
            by_import = named and bound.kinds <= _IMPORTED and (bound.home is not None or _inside(tree, use, named))
            if by_import or (beside and bound.home is None):
                yield use
        elif use.role == "member" and use.before in modules:
            yield use


def member_renamed(
    scene: Scene, origin: SyntaxTree, owner: str, old: str, new: str, cause: Cause
) -> Iterator[NextEdit]:
    """The uses of a type's member in the other open documents, as far as what stands before them tells its type."""
    for tree in scene.trees.values():
        if tree is origin or old not in tree.document.text or owner not in tree.document.text:
            continue
        owners = Owners(tree)
        if owner in owners.declare(old):
            continue  # a type of that name of its own
        for use in Names(tree, old).uses:
            sure = owners.belongs(use, owner) if use.role in ("member", "label") else 0.0
            if sure:
                yield _edit(tree, use, new, cause, sure - 0.05)


def _edit(tree: SyntaxTree, use: Use, text: str, cause: Cause, confidence: float) -> NextEdit:
    offsets = tree.offsets
    return cause.edit(tree.document, offsets.index(use.start), offsets.index(use.end), text, confidence)


def _imported(tree: SyntaxTree, origin: SyntaxTree, name: str) -> tuple[list[Import], frozenset[str]]:
    """The imports of a document that take a name from another one, and the names by which it means that module."""
    stem = module_name(origin.document.uri)
    found = [one for one in imports.imports(tree) if stem in _last(one, tree)]
    named = [one for one in found if name in one.names or tree.language.imports.drop]
    alone = frozenset(_last(one, tree)[0] for one in found if not one.names)
    below = frozenset(stem for one in imports.imports(tree) if stem in one.names)
    return [one for one in named if name in one.names or one.module.endswith(name)], alone | below


def _last(imported: Import, tree: SyntaxTree) -> tuple[str, ...]:
    """The last parts of a module's name: what it is called, and its folder where it may name something inside."""
    parts = [part for part in re.split(r"[./:\\]+", imported.module) if part]
    return tuple(reversed(parts[-1 - tree.language.imports.drop :])) or ("",)


def _inside(tree: SyntaxTree, use: Use, named: list[Import]) -> bool:
    position = tree.offsets.position(use.start)
    return any(one.span.start.line <= position.line <= one.span.end.line for one in named)


def _beside(tree: SyntaxTree, origin: SyntaxTree) -> bool:
    """Whether a document sees another one's names without importing them, as files of one package do."""
    style = tree.language.imports
    same = tree.document.uri.rpartition("/")[0] == origin.document.uri.rpartition("/")[0]
    return same and not style.relative and bool(style.suffixes) and tree.language is origin.language


def module_name(uri: str) -> str:
    """What a file is called in imports: its name, or its folder's where that is the module."""
    path = PurePosixPath(unquote(uri))
    stem = path.name.partition(".")[0]
    return path.parent.name if stem in ("__init__", "index", "mod") else stem


def closed(scene: Scene, origin: SyntaxTree, name: str, cause: Cause) -> Iterator[NextEdit]:
    """Where to look: the first mention of a name in each closed file that is tied to the document by imports."""
    index = scene.index
    path = index.path_of(origin.document.uri) if index else None
    if index is None or path is None:
        return
    hidden = index.paths_of(frozenset(scene.trees))
    try:
        near = [one for one in neighbours(index, path) if one not in hidden]
    except StoreError as error:
        index.unreadable(error)
        return
    word = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")
    for other in near[:_FILES]:
        try:
            text = read_source(index.root / other, _LARGEST).text
        except NotIndexed:
            continue
        match = word.search(text)
        if match:
            there = document(index.uri_of(other), text)
            span = Span(there.position(match.start()), there.position(match.end()))
            yield cause.jump(there.uri, span, 0.5)
