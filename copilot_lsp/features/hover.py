"""What is shown when the pointer rests on a name."""

from dataclasses import dataclass

from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.request import Explain
from copilot_lsp.agents.view import View
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.text import Position, Span

_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Hover:
    """Markdown that is safe to render, and the span of the name that it is about."""

    markdown: str
    span: Span


async def hover(pool: Pool, view: View, position: Position) -> Hover | None:
    """What syntax and symbols know about a name; never waits for a model."""
    found = await pool.run(
        Explain(view.document.clamp(position)),
        view,
        key=("hover", view.session, view.document.uri),
        budget=seconds(_SECONDS),
    )
    return Hover(found.markdown, found.span) if found else None
