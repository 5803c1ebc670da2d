"""Offers the fixes of the findings in the selection."""

from copilot_lsp.features.action import Action, CodeAction, Selection
from copilot_lsp.features.diagnostics import findings_now


async def find(selection: Selection) -> tuple[CodeAction, ...]:
    findings = await findings_now(selection.pool, selection.view)
    return tuple(
        CodeAction(fix.title, KIND, fix.edits, findings=(finding,), preferred=fix.preferred)
        for finding in findings
        if finding.span.overlaps(selection.span)
        for fix in finding.fixes
    )


KIND = "quickfix"
ACTION = Action("fix", KIND, find)
