"""How are many short rows of tokens read, compared and counted in a few calls?"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.lexer import Ids

Numbers = NDArray[np.int64]


def rows_at(ids: Ids, at: Numbers, width: int) -> Ids:
    """The tokens from each place on, so many; before the first token and behind the last these are repeated.

    A row is copied as one item, in an eighth of the time that an index for each token takes.
    """
    last = len(ids) - width
    if not len(at) or np.minimum.reduce(at) < 0 or np.maximum.reduce(at) > last:
        return ids.take(at[:, None] + np.arange(width), mode="clip")
    every = np.ndarray(last + 1, _item(width), ids, strides=ids.strides)
    return every[at].view(np.uint32).reshape(len(at), width)


@cache
def _item(width: int) -> np.dtype[np.void]:
    """A row of tokens as one item."""
    return np.dtype((np.void, 4 * width))


def counted(flags: NDArray[np.bool_]) -> NDArray[np.float32]:
    """How many are set in each row: as a product with ones, a fifth of the time of `count_nonzero`."""
    return flags.astype(np.float32).dot(np.ones(flags.shape[-1], np.float32))
