"""Findings as LSP's diagnostics, for those who pull them and those who get them pushed."""

from collections.abc import Iterable
from hashlib import blake2b

from lsprotocol import types

from copilot_lsp.analysis.finding import Finding, Severity
from copilot_lsp.lsp.convert import Ruler

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}


def diagnostics_of(findings: Iterable[Finding], ruler: Ruler) -> list[types.Diagnostic]:
    """The findings of one document as its client counts."""
    return [
        types.Diagnostic(
            range=ruler.range(finding.span),
            message=finding.message,
            severity=_SEVERITIES[finding.severity],
            code=finding.code,
            source=finding.source,
        )
        for finding in findings
    ]


def result_id(findings: tuple[Finding, ...]) -> str:
    """The same for the same findings: a client that names it need not be sent them again."""
    return blake2b(repr(findings).encode(errors="replace"), digest_size=8).hexdigest()
