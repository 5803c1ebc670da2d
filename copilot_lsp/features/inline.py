"""Ghost text: what could stand at the cursor."""

from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.request import Complete
from copilot_lsp.agents.view import View
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.fill import Fill, FillLimits
from copilot_lsp.core.text import Position


async def inline_completion(pool: Pool, view: View, position: Position, *, automatic: bool) -> tuple[Fill, ...]:
    """The best fills, best first, at most one when the user did not ask. One request, one answer.

    Raises `Superseded` when a newer request for the same document came.
    """
    settings = view.settings.completion
    limits = FillLimits(settings.max_tokens, settings.max_lines, alternatives=1 if automatic else 3)
    return await pool.run(
        Complete(position, automatic, limits),
        view,
        key=("inline", view.session, view.document.uri),
        budget=seconds(settings.timeout, settings.context_tokens),
    )
