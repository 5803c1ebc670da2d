"""Offers to write the documentation that a definition lacks."""

from collections.abc import Mapping
from typing import Any

from copilot_lsp.agents.outline import outline
from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.request import WriteDoc
from copilot_lsp.agents.roles.document import documentable
from copilot_lsp.agents.view import View
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position
from copilot_lsp.features import commands
from copilot_lsp.features.action import Action, CodeAction, Selection
from copilot_lsp.syntax.docs import doc_of

_SECONDS = 60.0


async def find(selection: Selection) -> tuple[CodeAction, ...]:
    """Only with the cursor on the definition's own lines, not in its body: there the menu is about something else."""
    found = await outline(selection.view)
    position = selection.span.start
    symbol = documentable(found.symbols, position) if found else None
    if found is None or symbol is None or position.line > symbol.name_span.end.line or doc_of(found.tree, symbol):
        return ()
    data = {"action": ACTION.name, "line": position.line, "column": position.column}
    title = f"Write documentation for '{symbol.name}'"
    return (CodeAction(title, KIND, command=commands.DOCUMENT.name, position=position, data=data),)


async def resolve(pool: Pool, view: View, data: Mapping[str, Any]) -> tuple[Edit, ...]:
    line, column = data.get("line"), data.get("column")
    if not isinstance(line, int) or not isinstance(column, int):
        return ()
    return await pool.run(WriteDoc(Position(line, column)), view, budget=seconds(_SECONDS))


KIND = "refactor.rewrite"
ACTION = Action("document", KIND, find, resolve)
