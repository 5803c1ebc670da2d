"""Offers to be silent about a rule at one place."""

from copilot_lsp.analysis.engine import SYNTAX
from copilot_lsp.analysis.suppressions import suppress
from copilot_lsp.features.action import Action, CodeAction, Selection
from copilot_lsp.features.diagnostics import findings_now


async def find(selection: Selection) -> tuple[CodeAction, ...]:
    tree = await selection.view.tree()
    if tree is None:
        return ()
    found: dict[tuple[int, str], CodeAction] = {}
    for finding in await findings_now(selection.pool, selection.view):
        if finding.code == SYNTAX.id or not finding.span.overlaps(selection.span):
            continue
        line = finding.span.start.line
        edit = suppress(tree, line, finding.code)
        if edit is not None:
            title = f"Ignore {finding.code} here"
            found.setdefault((line, finding.code), CodeAction(title, KIND, (edit,), findings=(finding,)))
    return tuple(found.values())


KIND = "quickfix"
ACTION = Action("suppress", KIND, find)
