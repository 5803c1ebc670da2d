"""A rule file that is wrong is named with what is wrong, and left out; the others work on."""

from pathlib import Path

import pytest

from copilot_lsp.analysis.engine import check
from copilot_lsp.analysis.rulefile import read_rule
from copilot_lsp.analysis.ruleset import ruleset
from copilot_lsp.analysis.settings import AnalysisSettings
from copilot_lsp.core.document import Document, document
from copilot_lsp.core.errors import SettingsError
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.language import Language, read
from copilot_lsp.syntax.tree import parse

HEAD = 'title = "T"\nwhy = "W."\nseverity = "warning"\ncategory = "style"\n'
QUERY = 'query = "((identifier) @finding (#eq? @finding \\"bad\\"))"\n'


def written(folder: Path, text: str, name: str = "some-rule.toml") -> Path:
    path = folder / "rules" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def language(tmp_path: Path) -> Language:
    """Python in a folder of its own, with a rule that works."""
    source = languages.builtin() / "python"
    for path in source.glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    written(tmp_path, HEAD + QUERY, "good.toml")
    return read(tmp_path)


def fixed(language: Language, text: str) -> list[str]:
    """The texts that the fixes of the first finding make."""
    doc: Document = document("file:///a.py", text, "python")
    finding = check(parse(doc, language), AnalysisSettings(syntax_errors=False))[0]
    return [doc.replaced(one.edits, 1).text for one in finding.fixes]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD, "query: Field required"),
        (HEAD + QUERY + "fixed = true\n", "fixed: Extra inputs"),
        (HEAD.replace("warning", "bad") + QUERY, "severity: Input should be 'error', 'warning', 'info' or 'hint'"),
        (HEAD + QUERY + 'message = "{other}"\n', "lacks a capture @other"),
        (HEAD + 'query = "(identifier) @name"\n', "lacks a capture @finding"),
        (HEAD + QUERY + '[[fixes]]\ntitle = "F"\nedits = []\n', "fixes.0.edits"),
        (HEAD + 'query = "((a) @finding (#not-any-of? @finding))"', "#not-any-of\\? cannot be relied on"),
        ("title = ", "cannot be read as TOML"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError, match=message) as error:
        read_rule(path)
    assert str(path) in str(error.value)


def test_a_files_name_is_an_id_and_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="words in lower case"):
        read_rule(written(tmp_path, HEAD + QUERY, "Some_Rule.toml"))
    with pytest.raises(SettingsError, match="cannot be read"):
        read_rule(tmp_path / "none.toml")


def test_rules_that_are_wrong_are_left_out_and_logged(language: Language, caplog: pytest.LogCaptureFixture) -> None:
    written(language.folder, HEAD + 'query = "(no_such_node) @finding"\n', "bad-query.toml")
    written(language.folder, HEAD, "no-query.toml")
    assert [rule.about.id for rule in ruleset(language).data] == ["good"]
    assert ["bad-query.toml" in caplog.text, "no-query.toml" in caplog.text] == [True, True]
    found = check(parse(document("file:///a.py", "bad\n", "python"), language), AnalysisSettings())
    assert [one.code for one in found] == ["good"]


def test_the_own_rule_of_a_name_wins_over_the_one_that_is_extended(tmp_path: Path, language: Language) -> None:
    other = tmp_path.parent / f"{tmp_path.name}-base"
    other.mkdir()
    written(other, HEAD.replace("style", "security") + QUERY, "good.toml")
    written(other, HEAD + QUERY, "more.toml")
    facts = (tmp_path / "language.toml").read_text(encoding="utf-8")
    (tmp_path / "language.toml").write_text(f'extends = ["{other.name}"]\n{facts}', encoding="utf-8")
    rules = ruleset(read(tmp_path)).data
    assert [(rule.about.id, rule.about.category) for rule in rules] == [("good", "style"), ("more", "style")]


@pytest.mark.parametrize(
    ("edit", "text", "expected"),
    [
        ('action = "replace", text = "a\\n  b"', "if x:\n\tbad\n", "if x:\n\ta\n\t  b\n"),
        ('action = "delete"', "x = bad\n", "x = \n"),
        ('action = "delete_lines"', "x\n  bad  \ny\n", "x\ny\n"),
        ('action = "delete_lines"', "bad", ""),
        (
            'action = "insert_line_above", text = "use({finding})"',
            "if x:\r\n  bad\r\n",
            "if x:\r\n  use(bad)\r\n  bad\r\n",
        ),
        ('action = "insert_line_below", text = "a\\nb"', "if x:\n  bad\n", "if x:\n  bad\n  a\n  b\n"),
        ('action = "insert_line_below", text = "a"', "bad", "bad\na"),
    ],
)
def test_fix_actions(language: Language, edit: str, text: str, expected: str) -> None:
    fixes = f'[[fixes]]\ntitle = "F"\nedits = [{{ {edit}, capture = "finding" }}]\n'
    written(language.folder, HEAD + QUERY + fixes, "good.toml")
    assert fixed(language, text) == [expected]


@pytest.mark.parametrize("action", ["delete_lines", "insert_line_above", "insert_line_below"])
def test_a_fix_of_lines_is_offered_only_where_the_line_is_the_nodes_own(language: Language, action: str) -> None:
    fixes = f'[[fixes]]\ntitle = "F"\nedits = [{{ action = "{action}", capture = "finding" }}]\n'
    written(language.folder, HEAD + QUERY + fixes, "good.toml")
    assert fixed(language, "x; bad; y\n") == []


def test_an_unknown_predicate_never_holds(language: Language) -> None:
    written(language.folder, HEAD + 'query = "((identifier) @finding (#has-magic? @finding))"\n', "good.toml")
    assert check(parse(document("file:///a.py", "bad\n", "python"), language), AnalysisSettings()) == ()


@pytest.mark.parametrize(
    ("text", "count"), [("def f(): bad", 1), ("class A: bad", 0), ("bad", 0), ("(" * 80 + "bad" + ")" * 80, 0)]
)
def test_nearest_looks_a_bounded_way_up(language: Language, text: str, count: int) -> None:
    query = "((identifier) @finding (#eq? @finding bad) (#nearest? @finding function_definition class_definition))"
    written(language.folder, HEAD + f"query = '{query}'\n", "good.toml")
    assert len(check(parse(document("file:///a.py", text, "python"), language), AnalysisSettings())) == count
