"""What is in each of some lines that stands, or does not stand, around the cursor?"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.lexer import Ids
from copilot_lsp.recall.match import Numbers
from copilot_lsp.recall.query import Query
from copilot_lsp.recall.rows import counted


def content(lines: Ids, stops: Numbers, query: Query) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """Figures of each line."""
    width = max(1, int(stops.max()))
    lines = lines[:, :width]
    inside = np.arange(width) < stops[:, None]
    above, below = query.known_above.has(lines), query.known_below.has(lines)
    near_below, on_line = query.around_right.has(lines), query.line.has(lines)
    unknown = inside & ~(above | below)
    new = inside & ~above
    kinds = {
        "unknown": unknown,
        "not around": inside & ~(query.around_left.has(lines) | near_below),
        "not in inner block": inside & ~(query.blocks[0].has(lines) | near_below),
        "not in outer block": inside & ~(query.blocks[1].has(lines) | near_below),
        "introduced": new & below,
        "introduced near": new & near_below,
        "not below": inside & ~below,
        "not on line": inside & ~on_line,
    }
    counts = counted(np.stack(list(kinds.values())))
    shares = counts[:4] / np.maximum(stops, 1)
    for number, name in enumerate(kinds):
        yield name, counts[number]
        if number < len(shares):
            yield f"{name} share", shares[number]
    yield "first below", near_below[:, 0]
    yield "first unknown", unknown[:, 0]
    yield "first on line", on_line[:, 0]
    yield "length", np.log2(1 + stops)
    yield "tokens", np.minimum(stops, 12)
    yield "no token", stops == 0
    yield "one token", stops == 1
