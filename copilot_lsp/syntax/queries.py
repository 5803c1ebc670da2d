"""The compiled grammar and queries of a language, each made once and kept."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import tree_sitter

from copilot_lsp.core.errors import SettingsError
from copilot_lsp.syntax.language import Language

KINDS = ("tags", "scopes", "chunks", "docs", "tests", "imports")
_REFERENCE = re.compile(r"@reference\.")
_DEFINITION = re.compile(r"@definition\.(\w+)")


@cache
def grammar(language: Language) -> tree_sitter.Language:
    """The grammar out of the language's wheel. Raises SettingsError when it is not installed."""
    where = language.grammar
    try:
        capsule: object = getattr(import_module(where.package), where.function)()
        return tree_sitter.Language(capsule)
    except (ImportError, AttributeError, ValueError) as error:
        message = f"the grammar of {language.name} is missing; install {where.package.replace('_', '-')}: {error}"
        raise SettingsError(message) from error


@cache
def query(language: Language, kind: str) -> tree_sitter.Query | None:
    """One of the language's queries, None where it has none. Raises SettingsError for one that is wrong."""
    source = _source(language, kind)
    return _compile(language, source, f"{kind}.scm") if source else None


def _source(language: Language, kind: str) -> str:
    """The text of a query: the files of the languages that this one extends, then its own."""
    folders = [*(language.folder.parent / name for name in language.extends), language.folder]
    paths = [folder / f"{kind}.scm" for folder in folders]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if path.is_file())


@dataclass(frozen=True, slots=True)
class Outline:
    """Definitions and imports in one query. `kinds` has each pattern's kind of definition, "" for an import."""

    query: tree_sitter.Query
    kinds: tuple[str, ...]


@cache
def outline(language: Language) -> Outline:
    """What a cold file is asked, in one pass: tags.scm without its references, and imports.scm."""
    source = _source(language, "tags") + "\n" + _source(language, "imports")
    found = _compile(language, source, "tags.scm with imports.scm")
    kinds: list[str] = []
    for index in range(found.pattern_count):
        pattern = source.encode()[found.start_byte_for_pattern(index) : found.end_byte_for_pattern(index)].decode()
        definition = _DEFINITION.search(pattern)
        kinds.append(definition[1] if definition else "")
        if _REFERENCE.search(pattern):
            found.disable_pattern(index)
    return Outline(found, tuple(kinds))


def _compile(language: Language, source: str, name: str) -> tree_sitter.Query:
    try:
        return tree_sitter.Query(grammar(language), source)
    except tree_sitter.QueryError as error:
        raise SettingsError(f"{language.folder.name}/{name} does not compile: {error}") from error
