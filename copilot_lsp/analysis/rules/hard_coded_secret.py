"""Flags keys and tokens in source code, by the forms that their issuers gave them so that they can be recognised."""

import re
from collections.abc import Iterator

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
# Only forms with a fixed beginning or frame: guessing by entropy flags hashes and test data far more often than keys.
# Every repetition is bounded, so that no text makes the search take time out of proportion.
_FORMS = {
    "AWS access key": r"(?:AKIA|ASIA)[A-Z2-7]{16}",
    "GitHub token": r"gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{82}",
    "GitLab token": r"glpat-[A-Za-z0-9_-]{20}",
    "Slack token": r"xox[abprs]-[0-9]{9,20}-[A-Za-z0-9-]{20,200}",
    "Stripe key": r"[sr]k_live_[A-Za-z0-9]{24,200}",
    "Google API key": r"AIza[A-Za-z0-9_-]{35}",
    "OpenAI key": r"sk-(?:proj-)?[A-Za-z0-9_-]{20,100}T3BlbkFJ[A-Za-z0-9_-]{20,100}",
    "Anthropic key": r"sk-ant-[a-z0-9]{1,9}-[A-Za-z0-9_-]{80,200}",
    "npm token": r"npm_[A-Za-z0-9]{36}",
    "PyPI token": r"pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,250}",
    "private key": r"-----BEGIN (?:[A-Z]{1,20} ){0,3}PRIVATE KEY-----(?=[\\nr\s\"'+,]{0,12}[A-Za-z0-9+/=]{40})",
}
# Each form's fixed letters: a text without any of them, as nearly all are, is passed over in a fraction of the time.
_HINTS = (
    *("AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "k_live_", "AIza"),
    *("T3BlbkFJ", "sk-ant-", "npm_", "pypi-AgE", "PRIVATE KEY"),
)
_PATTERN = re.compile(
    "|".join(f"(?P<f{number}>(?<![A-Za-z0-9_]){form})" for number, form in enumerate(_FORMS.values()))
)
_NAMES = tuple(_FORMS)
# What documentation shows in a key's place: AWS's published example, and runs of one character.
_EXAMPLE = re.compile(r"EXAMPLE|(.)\1{7}|(?i:xxxx|1234567890|abcdefghij)")


def check(tree: SyntaxTree, lines: range) -> Iterator[Finding]:
    """A finding for each secret that begins in these lines. The message never holds the secret."""
    document = tree.document
    start = document.offset(Position(lines.start, 0))
    stop = document.offset(Position(lines.stop, 0)) if lines.stop < document.line_count else len(document.text)
    if not any(document.text.find(hint, start, stop) >= 0 for hint in _HINTS):
        return
    for match in _PATTERN.finditer(document.text, start, min(stop + 200, len(document.text))):
        if match.start() < stop and match.lastgroup and not _EXAMPLE.search(match[0]):
            name = _NAMES[int(match.lastgroup[1:])]
            span = Span(document.position(match.start()), document.position(match.end()))
            data = {"category": ABOUT.category, "why": ABOUT.why}
            article = "An" if name[0] in "AO" else "A"
            yield Finding(span, f"{article} {name} in source code", ABOUT.severity, ABOUT.id, data=data)


RULE = Rule("hard_coded_secret", ABOUT, check)
