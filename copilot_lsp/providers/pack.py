"""How much of the text around the cursor and of the retrieved pieces fits into a model's context.

Tokens are estimated as bytes of UTF-8: common tokenizers take 3 to 4 bytes of source code for a token, and one to three
of other scripts. Where a server says that a prompt was too long, less is assumed from then on.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from copilot_lsp.core.budget import Budget
from copilot_lsp.core.fill import Chunk, FillRequest
from copilot_lsp.providers.provider import Model
from copilot_lsp.providers.refusal import PromptTooLong

USUAL = 3.0
LEAST = 0.2  # 1 is a tokenizer of single bytes; less means that the context is smaller than was said
_AROUND = 32  # tokens that a template adds
# A suffix between prefix and answer is read again for every key that is typed. One before the prefix is not, and may be
# so many times as long.
_SUFFIX_FIRST = 4


@dataclass(frozen=True, slots=True)
class Packed:
    """What of a request goes into the prompt, the chunks in the order in which they stand there."""

    prefix: str
    suffix: str
    chunks: tuple[Chunk, ...]


class Fit:
    """How many bytes one token of an endpoint's models holds, learnt from refusals."""

    def __init__(self) -> None:
        self._bytes: dict[str, float] = {}

    async def stream(
        self,
        request: FillRequest,
        model: Model,
        budget: Budget,
        send: Callable[[Packed], AsyncGenerator[str]],
        *,
        suffix_first: bool = False,
    ) -> AsyncGenerator[str]:
        """What `send` streams for as much text as fits, with less text when the server says that it was too much."""
        while True:
            each = self._bytes.get(model.name, USUAL)
            tokens = min(model.context, budget.tokens) - request.limits.tokens - _AROUND
            try:
                most = int(request.limits.suffix * (_SUFFIX_FIRST if suffix_first else 1) * each)
                packed = pack(request, int(max(tokens, 64) * each), most)
                async with aclosing(send(packed)) as pieces:
                    async for piece in pieces:
                        yield piece
                    return
            except PromptTooLong:
                # Invariant: a prompt is refused as a whole, before its answer begins.
                if each <= LEAST:
                    raise
                self._bytes[model.name] = max(LEAST, each / 2)


def pack(request: FillRequest, room: int, suffix_room: int) -> Packed:
    """Share `room` bytes: at most a quarter for the suffix, at least half for the prefix, what is left for the chunks.

    Invariant: while someone types, the prompt begins with the same text, which a server has in its cache. So chunks
    stay in the order that they come in, and no share depends on how much another one takes to the byte.
    """
    most = min(room // 4, suffix_room)
    suffix = head(request.suffix, most)
    step = max(1, room // 8)
    wanted = sum(_size(chunk.text) + _size(chunk.path) + 8 for chunk in request.chunks)
    above = request.prefix
    prefix_room = max(room // 2, room - most - _stepped(wanted, step))
    prefix = tail(above, prefix_room)
    # What the prefix leaves of its room now it will take soon: a piece that fitted in there would be gone again then.
    left = room - most - min(prefix_room, _stepped(_size(above), step))
    chunks: list[Chunk] = []
    for chunk in request.chunks:
        left -= _size(chunk.text) + _size(chunk.path) + 8
        if left < 0:
            break  # the next one would stand in this one's place as long as there is no room for it
        chunks.append(chunk)
    return Packed(prefix, suffix, tuple(chunks))


def tail(text: str, room: int) -> str:
    """The end of the text in at most `room` bytes.

    Its beginning moves in steps of a quarter of the room and then to a line's start: while someone types, the prompt
    begins with the same text, which a server has in its cache.
    """
    whole = _encoded(text)
    surplus = len(whole) - room
    if surplus <= 0:
        return whole.decode()
    step = max(1, room // 4)
    start = min(len(whole), -(-surplus // step) * step)
    line = whole.find(b"\n", start, start + step)
    return whole[line + 1 if line >= 0 else start :].decode(errors="ignore")


def head(text: str, room: int) -> str:
    """The beginning of the text in at most `room` bytes, whole lines where that leaves more than half."""
    whole = _encoded(text[: max(0, room)])
    kept = whole[: max(0, room)].decode(errors="ignore")
    if len(kept) == len(text):
        return kept
    end = kept.rfind("\n")
    return kept[: end + 1] if end > len(kept) // 2 else kept


def _stepped(size: int, step: int) -> int:
    return -(-size // step) * step


def _size(text: str) -> int:
    return len(_encoded(text))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
