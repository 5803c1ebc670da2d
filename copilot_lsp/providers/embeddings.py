"""Texts to vectors: what is sent to a server at once, and what comes back of it."""

import math
from collections.abc import Iterator, Sequence
from typing import Any, cast

from copilot_lsp.providers.http import Http
from copilot_lsp.providers.templates import harmless

# Reading one answer's JSON holds up the event loop: 16 vectors of 1,024 numbers take 3 ms.
BATCH = 16


def batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in requests of a size that a server's answer may have. An empty text is refused by some servers."""
    for start in range(0, len(texts), BATCH):
        yield [harmless(text) or " " for text in texts[start : start + BATCH]]


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
