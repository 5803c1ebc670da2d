"""What a session's prompts begin with, kept so that the model's server has read it before it is needed."""

from contextlib import aclosing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from copilot_lsp.agents.serving.reading import Room
from copilot_lsp.agents.serving.ring import Ring
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.document import Document
from copilot_lsp.core.errors import ProviderError
from copilot_lsp.core.fill import Chunk, FillLimits, FillRequest
from copilot_lsp.core.text import Position, Span
from copilot_lsp.telemetry.span import span

if TYPE_CHECKING:
    from copilot_lsp.agents.view import View
    from copilot_lsp.providers.select import Choice

# Of what a model reads, the workspace has this much and the file itself the rest.
_SHARE = 0.4
_CHARACTERS_PER_TOKEN = 3.0
_WARMING = 60.0
# A prompt that begins otherwise is read anew, with all of the file in it. So it does only for a cursor that has gone
# elsewhere: to another file, or further than what is seen around it.
_LINES = 40


class Prompts:
    """The rings of one session, one per workspace."""

    def __init__(self) -> None:
        self._rings: dict[Path, Ring] = {}
        self._place = "", 0
        # The open documents that pieces were taken from, as they were then.
        self._sources: dict[Chunk, Document] = {}

    async def chunks(self, view: "View", position: Position, room: Room) -> tuple[Chunk, ...]:
        """What the ring holds, without the document itself. Only the first prompt of a workspace waits for a search."""
        if view.project is None:
            return ()
        ring = self._rings.get(view.project.root)
        if ring is None:
            await self._update(view, position, room)
            ring = self._rings[view.project.root]
        return tuple([one for one in ring.chunks if one.uri != view.document.uri and self._is_current(view, one)])

    async def refresh(self, view: "View", position: Position, choice: "Choice", room: Room) -> None:
        """Look for what bears on a place; where the prompt changes by that, have a local server read the new one."""
        uri, line = self._place
        if uri == view.document.uri and abs(line - position.line) <= _LINES:
            return
        if view.project is None or not await self._update(view, position, room):
            return
        if choice.provider.local and view.settings.completion.warm:
            await self._warm(view, position, choice, room)

    async def _update(self, view: "View", position: Position, room: Room) -> bool:
        assert view.project is not None
        tokens = int(room.tokens * _SHARE)
        # Retrieval takes 25 ms to import, which those without a model would pay before their first completion.
        from copilot_lsp.agents.context import gather

        wanted = await gather(view, position, tokens=tokens)
        # Only now, so that a search that was cut short, or found an index without anything in it, is made again.
        self._place = (view.document.uri if wanted else ""), position.line
        ring = self._rings.setdefault(view.project.root, Ring())
        self._sources |= {one: view.open[one.uri].document for one in wanted if one.uri in view.open}
        changed = ring.update(wanted, int(tokens * _CHARACTERS_PER_TOKEN), lambda one: self._is_current(view, one))
        held = {one for every in self._rings.values() for one in every.chunks}
        self._sources = {one: document for one, document in self._sources.items() if one in held}
        return changed

    async def _warm(self, view: "View", position: Position, choice: "Choice", room: Room) -> None:
        model = choice.model
        # One token is the least that servers write. The prompt has the room that it has with a whole answer.
        tokens = room.tokens - view.settings.completion.max_tokens + 1
        chunks = await self.chunks(view, position, room)
        ask = FillRequest(view.document, Span(position, position), chunks, FillLimits(1, suffix=room.suffix))
        with span("agents.warm", model=model.name), suppress(ProviderError):
            async with aclosing(choice.provider.complete(ask, model, seconds(_WARMING, tokens))) as pieces:
                async for _ in pieces:
                    pass

    def _is_current(self, view: "View", chunk: Chunk) -> bool:
        """Whether a piece is still in its file, as far as this session can tell: an open document is what it holds now.

        A piece may be an outline, which is no part of the text to the letter.
        """
        source, opened = self._sources.get(chunk), view.open.get(chunk.uri)
        if opened is None:
            return source is None
        return opened.document is source or chunk.text in opened.document.text
