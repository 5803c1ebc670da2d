"""Where the index of a workspace lies, and how its paths and URIs translate."""

import hashlib
import os
import sys
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit


def folder_of(root: Path, cache: Path) -> Path:
    """The folder that holds what is kept of one workspace; the same for every path that leads to its root."""
    real = os.path.normcase(os.path.realpath(root))
    name = "".join(letter if letter.isalnum() else "-" for letter in os.path.basename(real))[:40]
    return cache / "workspaces" / f"{name}-{hashlib.sha256(real.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


def path_of(uri: str) -> Path | None:
    """The file that a URI names, None for one that is no local file."""
    parts = urlsplit(uri)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    path = unquote(parts.path)
    if sys.platform == "win32":
        path = path.lstrip("/")
    if "\0" in path or not path:
        return None
    return Path(path)


def uri_of(path: Path) -> str:
    """The URI of an absolute path."""
    plain = path.as_posix()
    return "file://" + quote(plain if plain.startswith("/") else f"/{plain}", safe="/:~!$&'()*+,;=@")


def relative(root: Path, path: Path) -> str | None:
    """The path below the root with forward slashes, None when it lies elsewhere or is the root.

    A path that leads there through a link to a folder is recognised; the root must be a real path.
    """
    for absolute in (path, Path(os.path.realpath(path.parent)) / path.name):
        if absolute.is_relative_to(root):
            found = absolute.relative_to(root).as_posix()
            if found != "." and ".." not in found.split("/"):
                return found
    return None
