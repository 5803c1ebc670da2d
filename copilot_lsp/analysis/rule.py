"""What a rule is: the contract of the modules in `analysis/rules/`, and what every rule tells about itself.

Most rules are data: `grammars/LANG/rules/ID.toml`, read by `analysis.rulefile`. A rule is code only when a query cannot
say it. Such a module exports `RULE = Rule(name=..., about=About(...), check=check)`, is named like its rule, and holds
for documents of all languages.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from copilot_lsp.analysis.finding import Finding, Severity
from copilot_lsp.syntax.tree import SyntaxTree

CATEGORIES = ("correctness", "reliability", "security", "style")


@dataclass(frozen=True, slots=True)
class About:
    """What a person is told about a rule. `id` is what suppressions and settings name; `why` is one sentence or two."""

    id: str
    title: str
    why: str
    severity: Severity
    category: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule written in Python.

    `check(tree, lines)` gives the findings that begin in these lines (half-open, zero-based). It is called for one
    stretch of lines after the other and may look beyond them, but takes time in proportion to them: the event loop
    waits for it. Findings carry `about.id` as their code; severity and suppressions are the engine's business.
    `fixable` says in the documentation that they come with fixes.
    """

    name: str
    about: About
    check: Callable[[SyntaxTree, range], Iterable[Finding]]
    fixable: bool = False
