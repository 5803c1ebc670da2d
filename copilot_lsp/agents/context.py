"""Which pieces of the workspace a model should see beside the document, packed into a token budget, best first."""

import re
from collections.abc import Iterable

from copilot_lsp.agents.view import View
from copilot_lsp.core.document import Document
from copilot_lsp.core.errors import StoreError
from copilot_lsp.core.fill import Chunk
from copilot_lsp.core.text import Position
from copilot_lsp.index.search import search
from copilot_lsp.telemetry.span import span

_NAME = re.compile(r"[^\W\d]\w{2,}")
# Names close to the cursor say what is being written; further up they say what was written before.
_LINES_ABOVE = 12
_NAMES = 12
# Without a tokenizer at hand; code of all measured languages lies between 3 and 4 characters a token.
_CHARACTERS_PER_TOKEN = 3.3


async def gather(view: View, position: Position, *, tokens: int) -> tuple[Chunk, ...]:
    """Chunks that bear on the code around a position, within `tokens`; none without an index."""
    if view.project is None:
        return ()
    query = " ".join(names_near(view.document, position))
    if not query:
        return ()
    with span("agents.gather", language=view.document.language) as current:
        try:
            found = await search(view.project.index, query, limit=8, exclude=view.overlaid)
        except StoreError as error:
            view.project.index.unreadable(error)
            found = ()
        chunks = pack(found, tokens)
        current.set(hits=len(found), chunks=len(chunks))
    return chunks


def names_near(document: Document, position: Position) -> tuple[str, ...]:
    """The names in the lines up to a position, nearest first, each once."""
    names: dict[str, None] = {}
    for number in range(position.line, max(-1, position.line - _LINES_ABOVE), -1):
        line = document.line(number)
        if number == position.line:
            line = line[: position.column]
        for name in reversed(_NAME.findall(line)):
            names.setdefault(name)
    return tuple(names)[:_NAMES]


def pack(chunks: Iterable[Chunk], tokens: int) -> tuple[Chunk, ...]:
    """The best chunks that fit together, by score; a chunk that does not fit is left out, not cut."""
    left = tokens * _CHARACTERS_PER_TOKEN
    packed: list[Chunk] = []
    for chunk in sorted(chunks, key=lambda chunk: -chunk.score):
        if len(chunk.text) <= left:
            packed.append(chunk)
            left -= len(chunk.text)
    return tuple(packed)
