"""What do all rules together say about one document?"""

import asyncio
from collections.abc import Iterable, Iterator

import tree_sitter

from copilot_lsp.analysis.finding import Finding, Severity
from copilot_lsp.analysis.fixes import fill, fixes
from copilot_lsp.analysis.predicates import holds
from copilot_lsp.analysis.rule import About
from copilot_lsp.analysis.rulefile import DataRule
from copilot_lsp.analysis.ruleset import Ruleset, ruleset
from copilot_lsp.analysis.settings import AnalysisSettings
from copilot_lsp.analysis.suppressions import suppressions
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax.paced import paced
from copilot_lsp.syntax.problems import problems
from copilot_lsp.syntax.tree import SyntaxTree
from copilot_lsp.telemetry.span import span

SYNTAX = About("syntax-error", "Syntax error", "The text does not follow the grammar.", Severity.ERROR, "correctness")

# A document full of faults helps nobody to see more of them, and editors grow slow: the first ones are shown.
MOST = 500


def check(tree: SyntaxTree, settings: AnalysisSettings) -> tuple[Finding, ...]:
    """All findings of a document in the order of their places, at once: for cold files and worker processes."""
    with span("analysis.check", language=tree.language.id) as current:
        found = _shown(tree, settings, (finding for step in steps(tree, settings) for finding in step))
        current.set(findings=len(found))
    return found


async def check_in_steps(tree: SyntaxTree, settings: AnalysisSettings) -> tuple[Finding, ...]:
    """The same for an open document: the event loop runs between steps of about 2 ms."""
    with span("analysis.check", language=tree.language.id) as current:
        # Reading and compiling a language's rules takes up to 100 ms, once in a process.
        await asyncio.to_thread(ruleset, tree.language)
        found: list[Finding] = []
        for step in steps(tree, settings):
            found += step
            await asyncio.sleep(0)
        shown = _shown(tree, settings, found)
        current.set(findings=len(shown))
    return shown


def steps(tree: SyntaxTree, settings: AnalysisSettings) -> Iterator[list[Finding]]:
    """The findings in steps of about 2 ms, before settings and suppressions have their say.

    A rule may report one finding in several steps, when what it looks at crosses their borders.
    """
    if settings.syntax_errors:
        yield [
            Finding(problem.span, problem.message, SYNTAX.severity, SYNTAX.id, data={"category": SYNTAX.category})
            for problem in problems(tree)
        ]
    rules = ruleset(tree.language)
    yield from paced(
        len(tree.offsets.source),
        lambda start, stop: [*_by_query(tree, rules, start, stop), *_by_code(tree, rules, start, stop)],
    )


def _by_query(tree: SyntaxTree, rules: Ruleset, start: int, stop: int) -> Iterator[Finding]:
    """What the data rules find in a stretch of bytes, or crossing it."""
    cursor = tree_sitter.QueryCursor(rules.query)
    cursor.set_byte_range(start, stop)
    for pattern, captures in cursor.matches(tree.root, holds):
        nodes = {name: found[0] for name, found in captures.items() if found}
        node = nodes.get("finding")
        if node is not None and not _half_typed(node):
            yield _finding(tree, rules.owners[pattern], node, nodes)


def _finding(tree: SyntaxTree, rule: DataRule, node: tree_sitter.Node, nodes: dict[str, tree_sitter.Node]) -> Finding:
    return Finding(
        tree.span_of(node),
        fill(rule.message, tree, nodes),
        rule.about.severity,
        rule.about.id,
        fixes=tuple(fixes(rule.fixes, tree, nodes)),
        data={"category": rule.about.category, "why": rule.about.why},
    )


def _half_typed(node: tree_sitter.Node) -> bool:
    """Whether the parser had to guess here: then what the node looks like says nothing about what is meant."""
    return node.has_error or node.is_missing or (node.parent is not None and node.parent.is_error)


def _by_code(tree: SyntaxTree, rules: Ruleset, start: int, stop: int) -> Iterator[Finding]:
    first, last = tree.offsets.position(start), tree.offsets.position(stop)
    # A line that crosses a border belongs to the stretch that it begins in.
    lines = range(first.line + bool(first.column), last.line + bool(last.column))
    for rule in rules.code:
        yield from rule.check(tree, lines)


def _shown(tree: SyntaxTree, settings: AnalysisSettings, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """What the user wants to see of it: each finding once, the most fixable where several patterns found the same."""
    hidden = suppressions(tree.document, tree.language)
    best: dict[tuple[Span, str], Finding] = {}
    for finding in found:
        if finding.code in settings.disabled or finding.data.get("category") in settings.disabled:
            continue
        if hidden.hide(finding.span.start.line, finding.code):
            continue
        key = (finding.span, finding.code)
        if key not in best or len(finding.fixes) > len(best[key].fixes):
            best[key] = finding
    ordered = sorted(best.values(), key=_place)[:MOST]
    return tuple(_loud(finding, settings) for finding in ordered)


def _place(finding: Finding) -> tuple[Position, Position, str]:
    return finding.span.start, finding.span.end, finding.code


def _loud(finding: Finding, settings: AnalysisSettings) -> Finding:
    severity = settings.severity.get(finding.code)
    if severity is None:
        return finding
    return Finding(finding.span, finding.message, severity, finding.code, finding.source, finding.fixes, finding.data)
