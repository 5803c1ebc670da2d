"""What is known about the name at a place: where it is defined, as what, and what its documentation says."""

import asyncio
import re
from dataclasses import dataclass, replace
from pathlib import Path

import tree_sitter

from copilot_lsp.agents.outline import Outline
from copilot_lsp.agents.view import View
from copilot_lsp.core.document import Document, document
from copilot_lsp.core.text import Position, Span, at
from copilot_lsp.index import symbols as workspace_symbols
from copilot_lsp.index.graph import distance, meant, neighbours
from copilot_lsp.index.source import NotIndexed, read_source
from copilot_lsp.syntax.docs import doc_of
from copilot_lsp.syntax.imports import Import
from copilot_lsp.syntax.module_doc import module_doc
from copilot_lsp.syntax.scopes import Name, names_in_scope
from copilot_lsp.syntax.symbols import Symbol
from copilot_lsp.syntax.symbols import symbols as symbols_of
from copilot_lsp.syntax.tree import SyntaxTree, parse

_NAME = re.compile(r"[^\W\d][\w$-]*")
_MEMBER = re.compile(r"(?:\.|->|::)\s*$")
# Kinds of scopes.scm that say: defined in another file.
_MODULE = "module"
_IMPORTED = frozenset({"import", _MODULE})
_LARGEST = 2_000_000
_HEAD = 8_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a definition is. `path` is fit to show: relative to the workspace where it lies in it."""

    uri: str
    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about the name at `span`. `others` counts further definitions of the same name elsewhere."""

    name: str
    span: Span
    kind: str
    signature: str
    container: str
    doc: str
    place: Place
    others: int = 0


def name_at(tree: SyntaxTree, position: Position) -> tuple[str, Span] | None:
    """The name that a position touches: not a keyword, and nothing in a string or a comment."""
    for column in (position.column, position.column - 1):
        node = tree.node_at(Position(position.line, max(0, column)))
        span = tree.span_of(node)
        if _is_name(node) and span.contains(position) and _NAME.fullmatch(text := tree.text_of(node)):
            return text, span
    return None


async def look_up(view: View, outline: Outline, name: str, span: Span) -> Known | None:
    """The likeliest definition of a name used at a span: this document's, then open ones', then the workspace's.

    What is bound by an import is looked for elsewhere first; the import is what is left when nothing is found.
    """
    trees = [tree for uri, one in view.open.items() if uri != view.document.uri and (tree := one.live.latest)]
    # Scopes and outlines of large files take 5 to 10 ms each: in a thread the event loop gets its turns.
    own, imported = await asyncio.to_thread(_here, view, outline, name, span)
    module = _module_of(outline, name, span, imported)
    if module is not None and (known := await asyncio.to_thread(_module, view, trees, module, span)):
        return known
    if own and own[0].place.span == span:
        return own[0]
    opened = await asyncio.to_thread(_in_open, view, trees, name, span)
    found = [*own, *opened, *await _in_workspace(view, name, span), *imported]
    return replace(found[0], others=len(found) - len(imported) - 1) if found else None


async def count_mentions(view: View, names: tuple[str, ...]) -> dict[str, int]:
    """How often each name occurs as a word in the open documents and in all other files of the workspace."""
    counts = dict.fromkeys(names, 0)
    if not names:
        return counts
    if view.project is not None:
        index = view.project.index
        counts = await asyncio.to_thread(workspace_symbols.count_references, index, list(counts), exclude=view.overlaid)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, counts))})(?!\w)")
    for one in view.open.values():
        for match in pattern.finditer(one.document.text):
            counts[match[0]] += 1
    return counts


def shown_path(view: View, uri: str) -> str:
    """A document's path below the workspace, else its file name."""
    inside = view.project.index.path_of(uri) if view.project else None
    return inside or uri.rpartition("/")[2]


def _is_name(node: tree_sitter.Node) -> bool:
    inert = any(word in node.type for word in ("string", "comment"))
    return node.is_named and not node.child_count and not inert


def _here(view: View, outline: Outline, name: str, span: Span) -> tuple[list[Known], list[Known]]:
    """Definitions in the document itself, the one in scope first; and the import that binds the name, if one does."""
    tree = outline.tree
    named = [symbol for symbol in outline.symbols if symbol.name == name]
    under = [symbol for symbol in named if symbol.name_span == span]
    bound = None if under or _is_member(tree.document, span) else _in_scope(tree, name, span)
    if bound is not None:
        under = [symbol for symbol in named if symbol.name_span == bound.span]
        if not under:
            local = _local(view, tree, span, bound)
            return ([], [local]) if bound.kind in _IMPORTED else ([local], [])
    ordered = [*under, *(symbol for symbol in named if symbol not in under)]
    return [_known(view, tree, symbol, span) for symbol in ordered], []


def _in_scope(tree: SyntaxTree, name: str, span: Span) -> Name | None:
    return next((one for one in names_in_scope(tree, span.start) if one.name == name), None)


def _local(view: View, tree: SyntaxTree, span: Span, bound: Name) -> Known:
    """A name that is bound where the outline does not look: a parameter, a local variable, an import."""
    line = tree.document.line(bound.span.start.line).strip()
    place = Place(view.document.uri, shown_path(view, view.document.uri), bound.span)
    return Known(bound.name, span, bound.kind, line, "", "", place)


def _known(view: View, tree: SyntaxTree, symbol: Symbol, span: Span) -> Known:
    uri = tree.document.uri
    place = Place(uri, shown_path(view, uri), symbol.name_span)
    return Known(symbol.name, span, symbol.kind, symbol.signature, symbol.container, doc_of(tree, symbol), place)


def _in_open(view: View, trees: list[SyntaxTree], name: str, span: Span) -> list[Known]:
    return [
        _known(view, tree, symbol, span)
        for tree in trees
        if name in tree.document.text
        for symbol in symbols_of(tree)
        if symbol.name == name
    ]


def _module_of(outline: Outline, name: str, span: Span, imported: list[Known]) -> Import | None:
    """The import whose module a name stands for: in the import itself, or where an imported module is used."""
    places = [span, *(known.place.span for known in imported if known.kind == _MODULE)]
    around = (one for one in outline.imports if any(one.span.contains(place.start) for place in places))
    return next((one for one in around if name not in one.names), None)


def _module(view: View, trees: list[SyntaxTree], imported: Import, span: Span) -> Known | None:
    """The file that an import means, with what it says about itself; None when it is not in the workspace."""
    if view.project is None:
        return None
    index = view.project.index
    here = index.path_of(view.document.uri)
    if here is None:
        return None
    for path in meant(index, here, view.document.language, imported.module):
        place = Place(index.uri_of(path), path, at(0, 0))
        open_tree = next((tree for tree in trees if index.path_of(tree.document.uri) == path), None)
        tree = open_tree or _head(index.root / path, view.document.language)
        if tree is not None:
            line = view.document.line(imported.span.start.line).strip()
            return Known(imported.module, span, _MODULE, line, "", module_doc(tree), place)
    return None


def _head(path: Path, language: str) -> SyntaxTree | None:
    """The tree of a file's beginning, which is where a module's documentation stands."""
    try:
        text = read_source(path, _LARGEST).text
    except NotIndexed:
        return None
    return parse(document(path.as_uri(), text[:_HEAD], language))


async def _in_workspace(view: View, name: str, span: Span) -> list[Known]:
    if view.project is None:
        return []
    index = view.project.index
    found = workspace_symbols.find(index, name, exclude=view.overlaid)
    here = index.path_of(view.document.uri) or ""
    if len(found) > 1:
        near = await asyncio.to_thread(neighbours, index, here)
        found = sorted(found, key=lambda one: (one.path not in near, distance(here, one.path)))
    return [
        Known(one.name, span, one.kind, one.signature, one.container, one.doc, Place(one.uri, one.path, one.name_span))
        for one in found
    ]


def _is_member(document: Document, span: Span) -> bool:
    return _MEMBER.search(document.line(span.start.line)[: span.start.column]) is not None
