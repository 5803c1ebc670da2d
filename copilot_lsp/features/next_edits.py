"""What else must change after an edit, as plain data."""

from copilot_lsp.agents.agent import Emit, ignore
from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.request import NextEdit, NextEdits
from copilot_lsp.agents.view import View
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.text import Position

_SECONDS = 2.0
# A small model on a laptop writes some 10 tokens a second.
_MODEL_SECONDS = 20.0


async def next_edits_now(pool: Pool, view: View, position: Position) -> tuple[NextEdit, ...]:
    """What syntax and symbols tell, the nearest after the place first; never waits for a model.

    Raises `Superseded` when the document has changed.
    """
    return await pool.run(NextEdits(position), view, budget=seconds(_SECONDS))


async def next_edits(pool: Pool, view: View, position: Position, emit: Emit = ignore) -> tuple[NextEdit, ...]:
    """The same and what a model adds, where one is ready. What is known at once is emitted before.

    Raises `Superseded` also when a newer request for the same document came.
    """
    return await pool.run(
        NextEdits(position, model=True),
        view,
        key=("next_edits", view.session, view.document.uri),
        budget=seconds(_MODEL_SECONDS),
        emit=emit,
    )
