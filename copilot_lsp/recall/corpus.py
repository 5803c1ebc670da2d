"""What does the engine know of the files that are not open?"""

from collections.abc import Iterator
from pathlib import Path

from copilot_lsp.core.document import document
from copilot_lsp.recall.match import Places, scan
from copilot_lsp.recall.near import distance, folder_of, path_of
from copilot_lsp.recall.query import Query
from copilot_lsp.recall.tokens import Tokens, tokens_of


class Corpus:
    """The tokens of a workspace's files; one per workspace and process, shared by its sessions.

    Files saved since the corpus was built are kept in memory and hide what the corpus has of them.
    """

    def __init__(self, root: Path) -> None:
        self._root = f"{root.as_posix().rstrip('/')}/"
        self._saved: dict[str, Tokens | None] = {}

    def update(self, path: str, text: str | None) -> None:
        """The text of a file as saved, or None when it is gone. `path` is relative to the root, with forward slashes."""
        self._saved[path] = None if text is None else tokens_of(document(path, text))

    def relative(self, uri: str) -> str:
        """The path of a document below the root; of one that lies elsewhere, its whole path."""
        return path_of(uri).removeprefix(self._root)

    def places(self, query: Query, path: str, masked: frozenset[str], limit: int) -> Iterator[Places]:
        """The best places of all files but the masked ones (paths relative to the root), as seen from one file."""
        folder = folder_of(path)
        for other, tokens in self._saved.items():
            if tokens is not None and other not in masked:
                yield scan(tokens, query, distance(folder, folder_of(other)), limit)
