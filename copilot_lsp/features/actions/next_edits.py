"""Offers to make the edits in this document that follow from what the user did last."""

from itertools import groupby

from copilot_lsp.agents.request import NextEdit
from copilot_lsp.agents.words import counted
from copilot_lsp.core.edit import Edit
from copilot_lsp.features.action import Action, CodeAction, Selection
from copilot_lsp.features.next_edits import next_edits_now


async def find(selection: Selection) -> tuple[CodeAction, ...]:
    """One entry for each edit of the user that others follow from, with all of its places in this document."""
    view = selection.view
    if not view.edits:
        return ()
    found = await next_edits_now(selection.pool, view, selection.span.start)
    here = [one for one in found if one.uri == view.document.uri and one.text is not None]
    ordered = sorted(here, key=lambda one: one.reason)
    return tuple(_action(reason, list(group)) for reason, group in groupby(ordered, key=lambda one: one.reason))


def _action(reason: str, edits: list[NextEdit]) -> CodeAction:
    # From the last to the first: each span is then right in the text that the edits before it leave.
    made = sorted(edits, key=lambda one: one.span, reverse=True)
    title = f"Apply next edit: {reason} ({counted(len(edits), 'place')})"
    return CodeAction(title, KIND, tuple(Edit(one.span, one.text or "") for one in made))


KIND = "refactor.rewrite"
ACTION = Action("next_edits", KIND, find)
