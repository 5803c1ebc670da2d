"""What the index stores of a cold file, from one parse and one pass over its tree."""

from typing import NamedTuple

from copilot_lsp.core.document import document
from copilot_lsp.core.errors import DeadlineExceeded
from copilot_lsp.syntax import chunks, imports, queries, symbols
from copilot_lsp.syntax.chunks import Piece
from copilot_lsp.syntax.imports import Import
from copilot_lsp.syntax.language import Language
from copilot_lsp.syntax.symbols import Symbol
from copilot_lsp.syntax.tree import parse, search

_SECONDS = 5.0


class Extract(NamedTuple):
    """A file's definitions, imports and pieces."""

    symbols: tuple[Symbol, ...]
    imports: tuple[Import, ...]
    pieces: tuple[Piece, ...]


def extract(text: str, language: Language) -> Extract:
    """Definitions and imports to the language's `outline_depth`, and the pieces that are retrieved.

    A text that its grammar does not get through in time has pieces only.
    """
    doc = document("", text, language.id)
    try:
        tree = parse(doc, language, seconds=_SECONDS)
    except DeadlineExceeded:
        return Extract((), (), chunks.plain_pieces(doc))
    matches = search(queries.outline(language).query, tree.root, depth=language.outline_depth)
    found = symbols.from_matches(tree, matches)
    return Extract(found, imports.from_matches(tree, matches), chunks.from_matches(tree, matches, found))
