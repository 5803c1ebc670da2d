"""The shipped grammars: they load, compile, use only the vocabulary of the README, and read their examples right."""

import re
from pathlib import Path

import pytest

from copilot_lsp.core.document import document
from copilot_lsp.core.text import Position
from copilot_lsp.syntax import chunks, imports, languages, queries, references, scopes, symbols, tests
from copilot_lsp.syntax.language import Language
from copilot_lsp.syntax.resolve import candidates
from copilot_lsp.syntax.tree import SyntaxTree, parse

GRAMMARS = languages.builtin()
ALL = languages.available()
EXAMPLES = [path for path in sorted(GRAMMARS.glob("*/examples/*")) if path.suffix != ".golden"]
BINDINGS = symbols.KINDS | {"parameter", "import"}
CAPTURES = {
    "tags": {f"definition.{kind}" for kind in symbols.KINDS} | {"name", "body", "owner"},
    "references": {"reference.call", "reference.type", "reference.name", "name"},
    "imports": {"import", "module", "name"},
    "chunks": {"chunk", "name"},
    "uses": {"member", "self", "super", "receiver", "label", "of", "shorthand", "outward", "instance", "class"}
    | {"derived", "base", "callee", "arguments", "spread", "optional", "default", "named"},
    "scopes": {"scope", "scope.members"} | {f"{where}.{kind}" for where in ("local", "outer") for kind in BINDINGS},
    "docs": {"documented", "name", "parameters", "result", "body", "parameter", "type"},
    "tests": {"test", "name"},
}
COMPLETE = {"python", "javascript", "typescript", "tsx", "java", "csharp", "go"}


def test_every_folder_loads() -> None:
    folders = {path.parent.name for path in GRAMMARS.glob("*/language.toml")}
    assert set(ALL) == folders
    assert len(ALL) >= 22


@pytest.mark.parametrize("name", ALL)
def test_queries_compile_and_use_the_vocabulary(name: str) -> None:
    language = languages.get(name)
    assert queries.query(language, "tags") is not None
    for kind, allowed in CAPTURES.items():
        query = queries.query(language, kind)
        found = {query.capture_name(index) for index in range(query.capture_count)} if query else set[str]()
        assert {capture for capture in found if not capture.startswith("_")} <= allowed, kind
    assert any(queries.outline(language).kinds)


@pytest.mark.parametrize("name", sorted(COMPLETE))
def test_the_first_languages_are_complete(name: str) -> None:
    language = languages.get(name)
    assert all(queries.query(language, kind) for kind in CAPTURES if kind != "chunks")
    assert language.doc.place
    assert all((language.imports.suffixes, language.tests.frameworks, language.keywords))


def test_no_two_languages_claim_one_file() -> None:
    for field in ("extensions", "files", "shebangs", "lsp"):
        claimed = [value for name in ALL for value in getattr(languages.get(name), field)]
        assert len(claimed) == len(set(claimed)), field


def test_every_file_extension_is_lower_case_with_a_dot() -> None:
    assert all(re.fullmatch(r"\.[a-z0-9+]+", one) for name in ALL for one in languages.get(name).extensions)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_examples_read_as_their_golden_files_say(path: Path, update: bool) -> None:
    language = languages.get(path.parent.parent.name)
    assert languages.detect(path.name, path.read_text().partition("\n")[0]) == language.id
    tree = parse(document(path.as_uri(), path.read_text(encoding="utf-8"), language.id))
    assert not tree.root.has_error
    said = described(tree, language)
    golden = path.with_name(path.name + ".golden")
    if update:
        golden.write_text(said, encoding="utf-8", newline="\n")
    assert said == golden.read_text(encoding="utf-8")


def described(tree: SyntaxTree, language: Language) -> str:
    """Everything that the queries find in a document, one fact a line."""
    lines = ["# symbols"]
    for symbol in symbols.symbols(tree):
        where = f"{symbol.span.start.line + 1}-{symbol.span.end.line + 1}"
        lines.append(f"{where} {symbol.kind} {symbol.path} | {symbol.signature} | {symbol.doc}")
    lines.append("# imports")
    for one in imports.imports(tree):
        paths = [candidate.path for candidate in candidates(language, "here/is/file", one)][:3]
        lines.append(f"{one.module} ({', '.join(one.names)}) -> {' '.join(paths)}")
    lines.append("# tests")
    lines += [f"{test.container}: {test.name}" for test in tests.tests(tree)]
    lines.append("# references")
    lines.append(" ".join(f"{one.kind}:{one.name}" for one in references.references(tree)))
    lines.append("# names in the middle")
    middle = Position(tree.document.line_count // 2, 4)
    lines.append(" ".join(f"{name.kind}:{name.name}" for name in scopes.names_in_scope(tree, middle)))
    lines.append("# pieces")
    lines += [f"{piece.place[0] + 1}-{piece.place[2] + 1} {piece.name}" for piece in chunks.pieces(tree)]
    return "\n".join(lines) + "\n"


def test_the_page_of_languages_is_up_to_date(update: bool) -> None:
    page = GRAMMARS.parent / "docs" / "languages.md"
    said = language_page()
    if update:
        page.write_text(said, encoding="utf-8", newline="\n")
    assert said == page.read_text(encoding="utf-8")


def language_page() -> str:
    """docs/languages.md from the data."""
    parts = [("outline", "tags"), ("references", "references"), ("scopes", "scopes"), ("imports", "imports")]
    parts += [("doc comments", "docs"), ("tests", "tests"), ("next edits", "uses")]
    head = ["language", "files", "called by clients", *(title for title, _ in parts), "test frameworks"]
    rows = [" | ".join(head), "|".join("---" for _ in head)]
    for name in ALL:
        language = languages.get(name)
        marks = ["yes" if queries.query(language, kind) else "" for _, kind in parts]
        files = " ".join(f"`{one}`" for one in (*language.extensions, *language.files))
        clients = " ".join(f"`{one}`" for one in language.lsp)
        rows.append(" | ".join([language.name, files, clients, *marks, ", ".join(language.tests.frameworks)]))
    table = "\n".join(f"| {row} |" if "---" not in row else f"|{row}|" for row in rows)
    said = (
        "Written from `grammars/` by `pytest tests/unit/syntax/test_syntax_grammars.py --update`;\n"
        "`grammars/README.md` tells how to add one.\n"
        "Every language is parsed, cut into pieces and searched; the columns say what else it has."
    )
    return f"# Languages\n\n{said}\n\n{table}\n"
