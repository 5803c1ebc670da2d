"""How usual is each of some lines, token by token and with its end, in the document and in the workspace?"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.lexer import NEWLINE, Ids
from copilot_lsp.recall.match import Numbers
from copilot_lsp.recall.ngram import ORDERS, Scope, chances, grams, seen, total
from copilot_lsp.recall.query import LINE_TOKENS, Query
from copilot_lsp.recall.tokens import Tokens

# So many tokens on each side are counted to tell what is usual here.
_WIDE = 6000
_CONTEXT = ORDERS - 1
_BITS = 15


def usual(
    lines: Ids, stops: Numbers, lefts: Ids, query: Query, tokens: Tokens, scopes: Sequence[Scope]
) -> Iterator[tuple[str, NDArray[np.floating[Any]]]]:
    """Figures of each line; `lefts` are the tokens before it, nearest last."""
    ids, hole = tokens.ids, query.hole
    near = np.concatenate([ids[max(0, hole.start - _WIDE) : hole.start], ids[hole.stop : hole.stop + _WIDE]])
    own = Scope(_counted(near), len(near), 1.0)
    width = _CONTEXT + LINE_TOKENS + 1
    table = np.zeros((len(stops), width), np.uint32)
    table[:, :_CONTEXT] = lefts
    table[:, _CONTEXT:-1] = lines
    table[np.arange(len(stops)), _CONTEXT + stops] = query.rest[0] if query.rest else NEWLINE
    place = np.arange(width)
    inside = place <= stops[:, None] + _CONTEXT
    flat = table[inside]
    body = (inside & (place >= _CONTEXT))[inside]
    firsts = np.cumsum(stops + 1) - stops - 1
    here = seen(flat, own)
    for name, counts in (("here", here), ("all", total(here, *(seen(flat, scope) for scope in scopes)))):
        logs = chances(counts)[body]
        whole = np.add.reduceat(logs, firsts)
        first = logs[firsts]
        yield f"usual {name}", whole
        yield f"usual {name} mean", whole / (stops + 1)
        yield f"usual {name} least", np.minimum.reduceat(logs, firsts)
        yield f"usual {name} first", first
        yield f"less usual {name} first", first.max() - first
        yield f"usual {name} end", logs[firsts + stops]
        yield f"less usual {name}", whole.max() - whole


def _counted(ids: Ids) -> NDArray[np.uint16]:
    """How often each hash occurs in a short text, by order: in small numbers a third of the time of wide ones."""
    found = np.zeros((ORDERS, 1 << _BITS), np.uint16)
    for row, keys in zip(found, grams(ids, _BITS), strict=True):
        np.add.at(row, keys.astype(np.intp), np.uint16(1))
    return found
