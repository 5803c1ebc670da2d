"""Offers to explain the name at the cursor, or the definition around it."""

from copilot_lsp.agents.lookup import name_at
from copilot_lsp.agents.outline import outline
from copilot_lsp.agents.roles.explain import symbol_around
from copilot_lsp.features import commands
from copilot_lsp.features.action import Action, CodeAction, Selection


async def find(selection: Selection) -> tuple[CodeAction, ...]:
    found = await outline(selection.view)
    if found is None:
        return ()
    position = selection.span.start
    named = name_at(found.tree, position)
    around = symbol_around(found.symbols, position)
    subject = named[0] if named else around.name if around else ""
    if not subject:
        return ()
    return (CodeAction(f"Explain '{subject}'", KIND, command=commands.EXPLAIN.name, position=position),)


KIND = "source.explain"
ACTION = Action("explain", KIND, find)
