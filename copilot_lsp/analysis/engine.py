"""What do all rules together say about one document?"""

import asyncio
from collections.abc import Iterable, Iterator
from itertools import chain

import tree_sitter

from copilot_lsp.analysis.finding import Finding, Severity
from copilot_lsp.analysis.fixes import fill, fixes
from copilot_lsp.analysis.paced import paced
from copilot_lsp.analysis.predicates import holds
from copilot_lsp.analysis.rule import About
from copilot_lsp.analysis.rulefile import DataRule
from copilot_lsp.analysis.ruleset import Ruleset, ruleset
from copilot_lsp.analysis.settings import AnalysisSettings
from copilot_lsp.analysis.suppressions import Suppressions, suppressions
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax.problems import problems
from copilot_lsp.syntax.tree import SyntaxTree
from copilot_lsp.telemetry.span import span

SYNTAX = About("syntax-error", "Syntax error", "The text does not follow the grammar.", Severity.ERROR, "correctness")

# A document full of faults helps nobody to see more of them, and editors grow slow: the first ones are shown.
MOST = 500
# Seconds of work after which a document is given up: what takes longer is generated or hostile.
LONGEST = 3.0
# Half-matched patterns at a time, beyond which the oldest are given up: a definition with 20,000 parameters would have
# as many. The binding's own way to stop a query, a progress callback, crashes the process (0.26).
_PENDING = 64


def check(tree: SyntaxTree, settings: AnalysisSettings) -> tuple[Finding, ...]:
    """All findings of a document in the order of their places, at once: for cold files and worker processes."""
    with span("analysis.check", language=tree.language.id) as current:
        found = _ordered(finding for step in steps(tree, settings) for finding in step)
        current.set(findings=len(found))
    return found


async def check_in_steps(tree: SyntaxTree, settings: AnalysisSettings) -> tuple[Finding, ...]:
    """The same for an open document: the event loop runs between steps of about 2 ms."""
    with span("analysis.check", language=tree.language.id) as current:
        # Reading and compiling a language's rules takes 10 to 60 ms, once in a process.
        await asyncio.to_thread(ruleset, tree.language)
        found: list[Finding] = []
        for step in steps(tree, settings):
            found += step
            await asyncio.sleep(0)
        shown = _ordered(found)
        current.set(findings=len(shown))
    return shown


def steps(tree: SyntaxTree, settings: AnalysisSettings) -> Iterator[list[Finding]]:
    """The findings that the user wants to see, in steps of about 2 ms.

    Several patterns of a rule may report the same place. Ends when there are more than can be shown.
    """
    rules, hidden = ruleset(tree.language), suppressions(tree.document, tree.language)
    if settings.syntax_errors:
        yield [_loud(one, settings) for one in _syntax_errors(tree) if _wanted(one, settings, hidden)]
    left = 2 * MOST

    def work(start: int, stop: int) -> list[Finding]:
        found = chain(_by_query(tree, rules, start, stop), _by_code(tree, rules, start, stop))
        return [_loud(one, settings) for one in found if _wanted(one, settings, hidden)]

    for found in paced(len(tree.offsets.source), work, limit=LONGEST):
        yield found
        left -= len(found)
        if left < 0:
            return


def _syntax_errors(tree: SyntaxTree) -> Iterator[Finding]:
    for problem in problems(tree):
        yield Finding(problem.span, problem.message, SYNTAX.severity, SYNTAX.id, data={"category": SYNTAX.category})


def _by_query(tree: SyntaxTree, rules: Ruleset, start: int, stop: int) -> Iterator[Finding]:
    """What the data rules find that begins in a stretch of bytes."""
    # Looking for a parent takes a walk from the root, which only a text with errors is worth.
    guessed = tree.root.has_error
    cursor = tree_sitter.QueryCursor(rules.query, match_limit=_PENDING)
    cursor.set_byte_range(start, stop)
    for pattern, captures in cursor.matches(tree.root, holds):
        nodes = {name: found[0] for name, found in captures.items() if found}
        node = nodes.get("finding")
        # What a pattern begins with may reach over many stretches; the finding begins in one of them.
        if node is not None and start <= node.start_byte < stop and not (guessed and _half_typed(node)):
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


def _wanted(finding: Finding, settings: AnalysisSettings, hidden: Suppressions) -> bool:
    if finding.code in settings.disabled or finding.data.get("category") in settings.disabled:
        return False
    return not hidden.hide(finding.span.start.line, finding.code)


def _ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, by its place: the most fixable where several patterns found the same."""
    best: dict[tuple[Span, str], Finding] = {}
    for finding in found:
        key = (finding.span, finding.code)
        if key not in best or len(finding.fixes) > len(best[key].fixes):
            best[key] = finding
    return tuple(sorted(best.values(), key=_place)[:MOST])


def _place(finding: Finding) -> tuple[Position, Position, str]:
    return finding.span.start, finding.span.end, finding.code


def _loud(finding: Finding, settings: AnalysisSettings) -> Finding:
    severity = settings.severity.get(finding.code)
    if severity is None:
        return finding
    return Finding(finding.span, finding.message, severity, finding.code, finding.source, finding.fixes, finding.data)
