"""How near are two files of a workspace to each other?"""

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

# Distances: 0 the document itself, 1 a file that it is known to work with, 2 the same folder, and so on.
SELF, RELATED, FAR = 0, 1, 6


def path_of(uri: str) -> str:
    """The path in a file's URI, with forward slashes; other URIs are returned decoded."""
    parts = urlsplit(uri)
    path = unquote(parts.path)
    return path[1:] if path[2:3] == ":" else path


def distance(folder: str, other: str) -> int:
    """Of two folders: 2 for the same one, one more for each step up or down, at most `FAR`."""
    mine, theirs = PurePosixPath(folder).parts, PurePosixPath(other).parts
    shared = 0
    for left, right in zip(mine, theirs, strict=False):
        if left != right:
            break
        shared += 1
    return min(FAR, 2 + len(mine) + len(theirs) - 2 * shared)


def folder_of(path: str) -> str:
    """The folder of a path, empty at the top."""
    return path.rpartition("/")[0]
