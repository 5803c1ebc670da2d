"""Which code actions fit a selection, and what a chosen one changes."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.view import View
from copilot_lsp.core import registry
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Span
from copilot_lsp.features.action import Action, CodeAction, Selection


async def code_actions(pool: Pool, view: View, span: Span, only: Collection[str] = ()) -> tuple[CodeAction, ...]:
    """The actions for a span, preferred fixes first. `only` names kinds; each stands for what lies below it, too."""
    selection = Selection(pool, view, span)
    found: list[CodeAction] = []
    for action in _actions():
        if not only or any(_covers(kind, action.kind) for kind in only):
            found += await action.find(selection)
    return tuple(sorted(found, key=lambda one: (not one.preferred, not one.findings)))


async def resolve_action(pool: Pool, view: View, data: Mapping[str, Any]) -> tuple[Edit, ...]:
    """The edits of an action that was offered without them; none when nothing is left to do."""
    action = next((one for one in _actions() if one.name == data.get("action")), None)
    if action is None or action.resolve is None:
        return ()
    return await action.resolve(pool, view, data)


def _actions() -> list[Action]:
    return [cast("Action", registry.load("action", name)) for name in registry.names("action")]


def _covers(wanted: str, kind: str) -> bool:
    return not wanted or kind == wanted or kind.startswith(f"{wanted}.")
