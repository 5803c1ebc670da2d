"""What is wrong in a document, worked out once per version."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from copilot_lsp.agents.pool import Lane, Pool
from copilot_lsp.agents.request import Diagnose
from copilot_lsp.agents.view import View
from copilot_lsp.analysis.finding import Finding
from copilot_lsp.analysis.settings import AnalysisSettings
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.document import Document
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.telemetry.metrics import count

_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class _Known:
    document: Document
    settings: AnalysisSettings
    findings: tuple[Finding, ...]


# Keyed by what the session owns: closing a document drops its entry, and no session finds another's.
_latest: WeakKeyDictionary[LiveTree, _Known] = WeakKeyDictionary()


async def diagnostics(pool: Pool, view: View) -> tuple[Finding, ...]:
    """All findings in the order of their places. Raises `Superseded` when the document has moved on meanwhile."""
    return await _findings(pool, view, Lane.BACKGROUND)


async def findings_now(pool: Pool, view: View) -> tuple[Finding, ...]:
    """The same for someone who waits, as a menu of code actions does."""
    return await _findings(pool, view, Lane.INTERACTIVE)


async def _findings(pool: Pool, view: View, lane: Lane) -> tuple[Finding, ...]:
    live, settings = view.subject.live, view.settings.analysis
    known = _latest.get(live)
    if known is not None and known.document is view.document and known.settings == settings:
        count("cache_total", cache="findings", outcome="hit")
        return known.findings
    count("cache_total", cache="findings", outcome="miss")
    # No key: a menu's question must not end the one whose answer is being waited for; a newer text ends both.
    findings = await pool.run(Diagnose(), view, lane=lane, budget=seconds(_SECONDS))
    _latest[live] = _Known(view.document, settings, findings)
    return findings
