"""Finding the language of a file, and adding one by data alone."""

import logging
from pathlib import Path

import pytest

from copilot_lsp.core.document import document
from copilot_lsp.core.errors import SettingsError, UnknownLanguage
from copilot_lsp.syntax import languages, queries
from copilot_lsp.syntax.chunks import pieces
from copilot_lsp.syntax.docs import doc_edit
from copilot_lsp.syntax.extract import extract
from copilot_lsp.syntax.language import read
from copilot_lsp.syntax.scopes import names_in_scope
from copilot_lsp.syntax.settings import SyntaxSettings
from copilot_lsp.syntax.symbols import symbols
from copilot_lsp.syntax.tests import tests as find_tests
from copilot_lsp.syntax.tree import parse

TOML = """
id = "recipe"
name = "Recipe"
extensions = [".recipe", ".test.recipe"]
files = ["Cookbook"]
shebangs = ["cook"]
lsp = ["recipes"]
constants = "[A-Z]+"

[grammar]
package = "tree_sitter_python"

[members]
function = "method"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "recipe").mkdir()
    (tmp_path / "recipe" / "language.toml").write_text(TOML)
    (tmp_path / "recipe" / "tags.scm").write_text(
        "(function_definition name: (identifier) @name body: (_) @body) @definition.function\n"
        "(class_definition name: (identifier) @name body: (_) @body) @definition.class\n"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("path", "first_line", "expected"),
    [
        ("a/b.py", "", "python"),
        ("file:///c%3A/B.PY", "", "python"),
        ("C:\\work\\a.ts", "", "typescript"),
        ("types.d.ts", "", "typescript"),
        ("Gemfile", "", "ruby"),
        ("run", "#!/usr/bin/env -S python3 -u", "python"),
        ("run", "#!/bin/sh", "bash"),
        ("run", "#!/usr/bin/env", None),
        ("run", "no shebang", None),
        (".gitignore", "", None),
        ("archive.zip", "", None),
    ],
)
def test_detect(path: str, first_line: str, expected: str | None) -> None:
    assert languages.detect(path, first_line) == expected


def test_a_client_s_name_wins_over_the_file_s() -> None:
    assert languages.from_client("cpp", "file:///a.h") == "cpp"
    assert languages.from_client("typescriptreact", "file:///a") == "tsx"
    assert languages.from_client("strange", "file:///a.go") == "go"
    assert languages.from_client("strange", "file:///a.strange") == "strange"


def test_an_unknown_language_says_which_there_are() -> None:
    with pytest.raises(UnknownLanguage, match="python"):
        languages.get("klingon")


def test_a_language_from_a_folder_works_without_any_code(folder: Path) -> None:
    recipe = languages.load([languages.builtin(), folder]).get("recipe")
    tree = parse(document("file:///a.recipe", "class A:\n    def b(self):\n        pass\n", "recipe"), recipe)
    assert [(one.kind, one.path) for one in symbols(tree)] == [("class", "A"), ("method", "A.b")]
    # Everything that its folder does not have degrades to nothing.
    assert names_in_scope(tree, tree.document.end) == ()
    assert find_tests(tree) == ()
    assert doc_edit(tree, symbols(tree)[0], "Text.") is None
    assert [piece.name for piece in pieces(tree)] == ["A"]
    assert extract(tree.document.text, recipe).imports == ()


def test_configured_folders_are_the_process_s(folder: Path) -> None:
    try:
        languages.configure([folder])
        assert languages.detect("soup.recipe") == "recipe"
        assert languages.detect("Cookbook") == "recipe"
        assert languages.from_client("recipes", "") == "recipe"
        assert languages.get("python").id == "python"
    finally:
        languages.configure([])
    assert languages.detect("soup.recipe") is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "Recipe"', 'colour = "red"', "unknown key 'colour'"),
        ('name = "Recipe"', "name = 5", "name must be of the kind str"),
        ('name = "Recipe"', "", "lacks name"),
        ("[grammar]", "[grammar]\nfunction = []", "grammar.*function must be of the kind str"),
        ("[members]", "[[tests]]", "tests.* must be a table"),
        ('files = ["Cookbook"]', 'files = "Cookbook"', "files must be of the kind list"),
        ('constants = "[A-Z]+"', 'constants = "["', "constants is not a pattern"),
        ("[grammar]", "[grammar", "cannot be read as TOML"),
        ('name = "Recipe"', 'name = "Recipe"\noutline_depth = true', "outline_depth must be of the kind int"),
    ],
)
def test_a_wrong_language_is_named_and_left_out(
    folder: Path, caplog: pytest.LogCaptureFixture, old: str, new: str, message: str
) -> None:
    path = folder / "recipe" / "language.toml"
    path.write_text(TOML.replace(old, new))
    with pytest.raises(SettingsError, match=message):
        read(path.parent)
    with caplog.at_level(logging.WARNING):
        assert languages.load([folder]).by_id == {}
    assert "recipe" in caplog.text


def test_a_missing_wheel_and_a_wrong_query_say_what_to_do(folder: Path) -> None:
    path = folder / "recipe"
    (path / "tests.scm").write_text("(no_such_node) @test")
    with pytest.raises(SettingsError, match=r"recipe/tests\.scm does not compile"):
        queries.query(read(path), "tests")
    (path / "language.toml").write_text(TOML.replace("tree_sitter_python", "tree_sitter_recipe"))
    with pytest.raises(SettingsError, match="install tree-sitter-recipe"):
        queries.grammar(read(path))


def test_settings_become_limits() -> None:
    settings = SyntaxSettings(largest_document=10, longest_line=5)
    assert (settings.limits.size, settings.limits.line) == (10, 5)
