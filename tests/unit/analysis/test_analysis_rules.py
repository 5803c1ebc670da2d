"""Does every data rule flag what its fixture marks, nothing else, and fix it as the fixture says?

A fixture is a source file beside the rule. A comment with carets marks the finding on the nearest code line above it:
`^^^^ rule-id` under the span, or `<- rule-id` for one that begins where the comment does; `=> text` below it, once per
line, is what the finding's first fix makes of the lines it changes (nothing after `=>`: the line is gone).
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from copilot_lsp.analysis.engine import check
from copilot_lsp.analysis.finding import Finding
from copilot_lsp.analysis.rulefile import read_rule
from copilot_lsp.analysis.ruleset import data_rules, ruleset
from copilot_lsp.analysis.settings import AnalysisSettings
from copilot_lsp.core.document import Document, document
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.tree import parse

GRAMMARS = languages.builtin()
RULES = sorted(GRAMMARS.glob("*/rules/*.toml"))
FIRST_CLASS = ("python", "javascript", "typescript", "tsx", "java", "csharp", "go")
_TAB = 4
_MARK = re.compile(r"\s*(?:#|//)\s*?(?:(\^+)|<-) ([a-z-]+)")
_FIXED = re.compile(r"\s*(?:#|//) =>(.*)")


@dataclass(order=True)
class Mark:
    """One finding that a fixture expects: its line, its columns with tabs expanded, and the lines its fix makes."""

    line: int
    start: int
    end: int
    code: str
    fixed: list[str] = field(default_factory=list[str])


def cases() -> list[tuple[Path, str]]:
    """Each rule with each language that it holds for."""
    return [
        (path, name)
        for path in RULES
        for name in languages.available()
        if path.resolve() in {rule.path.resolve() for rule in data_rules(languages.get(name))}
    ]


@pytest.mark.parametrize(("path", "language"), cases(), ids=lambda value: getattr(value, "stem", value))
def test_fixture(path: Path, language: str) -> None:
    source = fixture_of(path)
    doc = document(source.as_uri(), source.read_text(encoding="utf-8"), language)
    expected = marks(doc)
    assert {mark.code for mark in expected} == {path.stem}, "a fixture shows what its rule flags, and only that"
    found = [one for one in check(parse(doc), AnalysisSettings(syntax_errors=False)) if one.code == path.stem]
    assert [shown(doc, one) for one in found] == [(mark.line, mark.start, mark.end) for mark in expected]
    for one, mark in zip(found, expected, strict=True):
        assert applied(doc, one) == [text.strip() for text in mark.fixed], f"the fix in line {mark.line + 1}"


@pytest.mark.parametrize("path", RULES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_rule_is_well_formed(path: Path) -> None:
    rule = read_rule(path)
    assert fixture_of(path).is_file()
    assert not rule.about.title.endswith(".")
    assert rule.about.why.endswith("."), "why is whole sentences"


@pytest.mark.parametrize("name", FIRST_CLASS)
def test_first_class_languages_have_rules_that_all_compile(name: str, caplog: pytest.LogCaptureFixture) -> None:
    ruleset.cache_clear()
    rules = ruleset(languages.get(name)).data
    assert len(rules) >= 4
    assert not caplog.records, "a rule was left out"


def fixture_of(path: Path) -> Path:
    return next(other for other in path.parent.glob(f"{path.stem}.*") if other.suffix != ".toml")


def marks(doc: Document) -> list[Mark]:
    found: list[Mark] = []
    code = 0
    for number in range(doc.line_count):
        line = doc.line(number).expandtabs(_TAB)
        marked = _MARK.fullmatch(line)
        fixed = _FIXED.fullmatch(line)
        if marked:
            start = marked.start(1) if marked[1] else len(line) - len(line.lstrip())
            end = marked.end(1) if marked[1] else -1
            found.append(Mark(code, start, end, marked[2]))
        elif fixed:
            found[-1].fixed.append(fixed[1])
        else:
            code = number
    return sorted(found)


def shown(doc: Document, finding: Finding) -> tuple[int, int, int]:
    """The finding's line and columns as carets show them: with tabs expanded, up to the end of its first line."""
    line = doc.line(finding.span.start.line)
    end = finding.span.end.column if finding.span.end.line == finding.span.start.line else len(line)
    start = len(line[: finding.span.start.column].expandtabs(_TAB))
    pointed = doc.line(finding.span.start.line + 1).lstrip().removeprefix("//").lstrip().startswith("<-")
    return finding.span.start.line, start, -1 if pointed else len(line[:end].expandtabs(_TAB))


def applied(doc: Document, finding: Finding) -> list[str]:
    """The lines that the first fix puts in the place of others, without their indentation; none without a fix."""
    if not finding.fixes:
        return []
    before = doc.text.splitlines()
    after = doc.replaced(finding.fixes[0].edits, 1).text.splitlines()
    while before and after and before[0] == after[0]:
        del before[0], after[0]
    while before and after and before[-1] == after[-1]:
        del before[-1], after[-1]
    return [line.strip() for line in after if not _MARK.fullmatch(line) and not _FIXED.fullmatch(line)] or [""]
