"""How near are two files of a workspace to each other?"""

import os
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

# Distances: 0 the document itself, 2 a file of the same folder, one more for each step up or down.
SELF, SAME_FOLDER, FAR = 0, 2, 6


@lru_cache(maxsize=4096)
def place_of(uri: str) -> str:
    """The place of a URI's file that all its spellings share: links resolved, forward slashes."""
    parts = urlsplit(uri)
    path = unquote(parts.path)
    if parts.scheme != "file":
        return uri
    # file:///c%3A/x is C:\\x
    return place(os.path.realpath(path[1:] if path[2:3] == ":" else path))


def place(path: str) -> str:
    """The same for a path that has no links in it."""
    return os.path.normcase(path).replace(os.sep, "/")


def distance(folder: str, other: str) -> int:
    """Of two folders: `SAME_FOLDER`, one more for each step up or down, at most `FAR`."""
    mine, theirs = folder.split("/"), other.split("/")
    shared = 0
    for left, right in zip(mine, theirs, strict=False):
        if left != right:
            break
        shared += 1
    return min(FAR, SAME_FOLDER + len(mine) + len(theirs) - 2 * shared)


def distances(folder: str, others: Sequence[str]) -> NDArray[np.int64]:
    """The distances of a folder to others, which are in order: a tenth of a microsecond for each."""
    parts = folder.split("/")
    shared = np.zeros(len(others), np.int64)
    for count in range(1, len(parts) + 1):
        above = "/".join(parts[:count])
        # What is below a folder stands together, but not always next to the folder itself.
        shared[bisect_left(others, above) : bisect_right(others, above)] = count
        shared[bisect_left(others, f"{above}/") : bisect_left(others, f"{above}0")] = count
    depths = np.fromiter((other.count("/") + 1 for other in others), np.int64, len(others))
    return np.minimum(FAR, SAME_FOLDER + len(parts) + depths - 2 * shared)


def folder_of(path: str) -> str:
    """The folder of a path, empty at the top."""
    return path.rpartition("/")[0]
