"""Texts to vectors: what is sent to a server at once, and what comes back of it."""

import math
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, cast

from copilot_lsp.providers.http import Http
from copilot_lsp.providers.refusal import PromptTooLong
from copilot_lsp.providers.templates import harmless

# Reading one answer's JSON holds up the event loop: 16 vectors of 1,024 numbers take 3 ms.
BATCH = 16
# "input (613 tokens) is too large to process ... (current batch size: 512)", "... 613 tokens ... context size (512 ..."
_TOKENS = re.compile(r"\b\d{2,6}\b")
# Tokens are not as long everywhere, and a text that is cut further than this says nothing.
_SLACK = 0.9
_SHORTEST = 64


def batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in requests of a size that a server's answer may have. An empty text is refused by some servers."""
    for start in range(0, len(texts), BATCH):
        yield [harmless(text) or " " for text in texts[start : start + BATCH]]


async def cut_to_fit(texts: Sequence[str], ask: Callable[[Sequence[str]], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    """The answer for some texts, the longest of them cut until none is longer than the model can read.

    A piece without its end is found by what it begins with; a model that refuses it would find it by nothing.
    """
    while True:
        try:
            return await ask(texts)
        except PromptTooLong as refused:
            longest = max(map(len, texts))
            if longest <= _SHORTEST:
                raise
            most = max(_SHORTEST, int(longest * _share(str(refused))))
            texts = [text[:most] for text in texts]


def _share(refusal: str) -> float:
    """How much of a text fits, by a server's words: half of it where they do not hold two numbers of tokens."""
    numbers = [int(found) for found in _TOKENS.findall(refusal.partition("refuses the request")[2])]
    if len(numbers) == 2 and max(numbers) > min(numbers):
        return max(0.1, _SLACK * min(numbers) / max(numbers))
    return 0.5


def vectors(value: object, wanted: int, http: Http) -> list[list[float]]:
    """The vectors of an answer, checked: as many as asked for, all of one length, only finite numbers."""
    rows = cast("list[Any]", value) if isinstance(value, list) else []
    lengths = {len(cast("list[Any]", row)) if isinstance(row, list) else 0 for row in rows}
    if len(rows) != wanted or len(lengths) > 1 or 0 in lengths:
        raise http.garbled(f"it answers {wanted} texts with something else than as many vectors")
    try:
        found = [[float(number) if isinstance(number, int | float) else math.nan for number in row] for row in rows]
    except OverflowError:
        found = [[math.nan]]
    if not all(math.isfinite(number) for row in found for number in row):
        raise http.garbled("its vectors hold something else than numbers")
    return found
