"""Which files are indexed."""

from collections.abc import Iterator
from dataclasses import dataclass

from copilot_lsp.index.workspace import Workspace


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A file of the index: its path below the root, its size in bytes, its language (empty: text without a grammar).

    `digest` is of the content, in hexadecimal.
    """

    path: str
    digest: str
    size: int
    language: str


def files(workspace: Workspace) -> Iterator[IndexedFile]:
    """Every indexed file in the order of paths. Synchronous: about 1 ms for 1,000 files."""
    with workspace.database.read() as connection:
        rows = connection.execute("SELECT path, lower(hex(digest)), size, language FROM files ORDER BY path").fetchall()
    return (IndexedFile(*row) for row in rows)
