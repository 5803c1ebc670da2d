"""The compiled grammar and queries of a language, each made once and kept."""

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module

import tree_sitter

from copilot_lsp.core.errors import SettingsError
from copilot_lsp.syntax.language import Language

KINDS = ("tags", "references", "scopes", "uses", "chunks", "docs", "tests", "imports")
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
    """Definitions, chunks and imports in one query. `kinds` has each pattern's kind of definition, else ""."""

    query: tree_sitter.Query
    kinds: tuple[str, ...]


@cache
def outline(language: Language) -> Outline:
    """What a cold file is asked, in one pass over its tree."""
    source = "\n".join(_source(language, kind) for kind in ("tags", "chunks", "imports"))
    found = _compile(language, source, "tags.scm with chunks.scm and imports.scm")
    return Outline(found, tuple(_kind(found, source.encode(), index) for index in range(found.pattern_count)))


@cache
def usage(language: Language) -> tree_sitter.Query | None:
    """What the place of a name is asked, in one pass: the scopes around it and how it is used there."""
    source = "\n".join(_source(language, kind) for kind in ("scopes", "uses"))
    return _compile(language, source, "scopes.scm with uses.scm") if source.strip() else None


def _kind(query: tree_sitter.Query, source: bytes, pattern: int) -> str:
    """The kind of definition that a pattern finds, "" when it finds something else."""
    text = source[query.start_byte_for_pattern(pattern) : query.end_byte_for_pattern(pattern)].decode()
    found = _DEFINITION.search(text)
    return found[1] if found else ""


def _compile(language: Language, source: str, name: str) -> tree_sitter.Query:
    try:
        return tree_sitter.Query(grammar(language), source)
    except tree_sitter.QueryError as error:
        raise SettingsError(f"{language.folder.name}/{name} does not compile: {error}") from error
