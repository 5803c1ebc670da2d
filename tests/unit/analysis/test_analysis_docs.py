"""Does docs/rules.md say what the rules say? `--update` writes it anew."""

from pathlib import Path

from copilot_lsp.analysis.rule import About
from copilot_lsp.analysis.ruleset import code_rules, data_rules
from copilot_lsp.syntax import languages

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"
HEAD = """# Rules

What is flagged in the editor and by `copilot-lsp check`, written by the tests from the rules themselves.

A comment `copilot-lsp: ignore[rule-id]` silences a rule on its line, or on the next one when it has a line of its own;
`copilot-lsp: ignore` alone silences all. `analysis.disabled` switches off rules or whole categories,
`analysis.severity` makes single rules louder or quieter. `grammars/README.md` tells how to add a rule.
"""


def test_the_page_is_what_the_rules_say(update: bool) -> None:
    expected = page()
    if update:
        PAGE.write_text(expected, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == expected, (
        "rules changed: run pytest tests/unit/analysis/test_analysis_docs.py --update"
    )


def page() -> str:
    sections = [section("Every language", [(rule.about, rule.fixable) for rule in code_rules()])]
    for name in languages.available():
        language = languages.get(name)
        rows = [(rule.about, bool(rule.fixes)) for rule in data_rules(language)]
        if rows:
            sections.append(section(language.name, rows))
    return "\n".join([HEAD, *sections])


def section(title: str, rows: list[tuple[About, bool]]) -> str:
    lines = [f"## {title}", "", "| rule | severity | category | what and why | fix |", "|---|---|---|---|---|"]
    for about, fixable in sorted(rows, key=lambda row: row[0].id):
        why = about.why.replace("|", "\\|")
        what = f"{about.title}. {why}"
        lines.append(f"| `{about.id}` | {about.severity} | {about.category} | {what} | {'yes' if fixable else ''} |")
    return "\n".join([*lines, ""])
