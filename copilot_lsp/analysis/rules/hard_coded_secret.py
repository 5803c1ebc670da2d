"""Flags keys and tokens in source code, by the forms that their issuers gave them so that they can be recognised."""

from collections.abc import Iterator

from copilot_lsp.analysis import secrets
from copilot_lsp.analysis.finding import Finding, Severity
from copilot_lsp.analysis.rule import About, Rule
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax.tree import SyntaxTree

ABOUT = About(
    "hard-coded-secret",
    "Secret in source code",
    "Whoever can read the code can use the secret, and it stays in the history: revoke it and read it from outside.",
    Severity.WARNING,
    "security",
)


def check(tree: SyntaxTree, lines: range) -> Iterator[Finding]:
    """A finding for each secret that begins in these lines. The message never holds the secret."""
    document = tree.document
    start = document.offset(Position(lines.start, 0))
    stop = document.offset(Position(lines.stop, 0)) if lines.stop < document.line_count else len(document.text)
    for secret in secrets.find(document.text, start, stop):
        span = Span(document.position(secret.start), document.position(secret.end))
        data = {"category": ABOUT.category, "why": ABOUT.why}
        article = "An" if secret.kind[0] in "AO" else "A"
        yield Finding(span, f"{article} {secret.kind} in source code", ABOUT.severity, ABOUT.id, data=data)


RULE = Rule("hard_coded_secret", ABOUT, check)
