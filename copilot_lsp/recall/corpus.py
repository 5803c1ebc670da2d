"""What does the engine know of the files that are not open?"""

import asyncio
import json
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from copilot_lsp.core.document import document
from copilot_lsp.core.errors import StoreError
from copilot_lsp.recall.build import read_text
from copilot_lsp.recall.lexer import Ids
from copilot_lsp.recall.mapped import Followed, Mapped, open_mapped
from copilot_lsp.recall.match import Limits, Numbers, Places, scan
from copilot_lsp.recall.near import distance, folder_of, place, place_of
from copilot_lsp.recall.ngram import ORDERS, Scope
from copilot_lsp.recall.query import Query
from copilot_lsp.recall.saved import Saved, join
from copilot_lsp.recall.tally import Tally
from copilot_lsp.recall.tokens import Tokens, settle

if TYPE_CHECKING:
    from copilot_lsp.workers.pool import Workers

_log = logging.getLogger(__name__)

_SUFFIX = ".recall"
# About 700,000 lines: more would take over 350 MB while it is built.
_MOST_TOKENS = 6_000_000
_HIDDEN = -1


class ListedFile(Protocol):
    """What is asked of a row of the workspace's list of files: the path below its root, and a digest of the content."""

    @property
    def path(self) -> str: ...

    @property
    def digest(self) -> str: ...


class Corpus:
    """The tokens of a workspace's files: one per workspace and process, shared by its sessions.

    What was built lies in a file that is mapped; files saved since are kept in memory and hide what the mapped file has
    of them. Not for several threads: after `open` it belongs to the event loop.
    """

    def __init__(self, folder: Path, mapped: Mapped | None) -> None:
        self._folder = folder
        self._saved: dict[str, Tokens | None] = {}
        self._behind: tuple[str, ...] = ()
        self._use(mapped)

    @classmethod
    def open(cls, folder: Path) -> "Corpus":
        """The corpus of a workspace from its cache folder, empty where no good file is; milliseconds, but it reads."""
        for path in sorted(folder.glob(f"*{_SUFFIX}"), reverse=True):
            try:
                return cls(folder, open_mapped(path))
            except (StoreError, OSError, ValueError) as error:
                _log.warning("%s", error)
                _remove(path)
        return cls(folder, None)

    @property
    def size(self) -> int:
        """Bytes of the mapped file's arrays."""
        return self._mapped.size if self._mapped else 0

    async def update(self, uri: str, text: str | None) -> None:
        """The text of a file as saved, or None when it is gone. Lexed in slices; await one call before the next."""
        self._saved[place_of(uri)] = None if text is None else await settle(document(uri, text))
        self._joined = None

    def stale(self, files: Iterable[ListedFile]) -> int:
        """How many files are new, changed or gone since the corpus was built; it does not complete from those."""
        listed = {file.path: file.digest for file in files}
        built = dict(zip(self._mapped.paths, self._mapped.digests, strict=True)) if self._mapped else {}
        gone = {path for path, digest in built.items() if listed.get(path) != digest}
        self._outdated = frozenset(f"{self._root}/{place(path)}" for path in gone)
        self._behind = tuple(path for path, digest in listed.items() if built.get(path) != digest)
        return len(gone | set(self._behind))

    async def catch_up(self, root: Path) -> None:
        """Read the files that `stale` found new or changed, where a rebuild is not worth its while."""
        behind, self._behind = self._behind, ()
        for path in behind:
            if place(str(root / path)) not in self._saved:
                text = await asyncio.to_thread(read_text, root / path)
                await self.update((root / path).as_uri(), text)

    async def rebuild(
        self,
        root: Path,
        files: Iterable[ListedFile],
        workers: "Workers",
        progress: Callable[[bytes], None] | None = None,
    ) -> None:
        """Build the corpus again in a worker process and use it. Raises `WorkerFailed`; what was there then stays."""
        before = dict(self._saved)
        target = self._folder / f"{time.time_ns():020d}-{os.getpid()}{_SUFFIX}"
        ask = {
            "root": str(root),
            "target": str(target),
            "tokens": _MOST_TOKENS,
            "files": [(file.path, file.digest) for file in files],
        }
        await workers.run("copilot_lsp.recall.build:build", json.dumps(ask).encode(), progress=progress, nice=True)
        # The checksum covers tens of megabytes.
        self._use(await asyncio.to_thread(open_mapped, target))
        self._behind = ()
        self._saved = {path: tokens for path, tokens in self._saved.items() if before.get(path, self) is not tokens}
        for old in self._folder.glob(f"*{_SUFFIX}"):
            if old.name < target.name:
                _remove(old)

    def close(self) -> None:
        """Let go of the mapped file."""
        self._use(None)

    def places(self, query: Query, uri: str, hidden: frozenset[str], limits: Limits) -> Iterator[Places]:
        """The best places in all files but the hidden ones (as `place_of` says), as seen from one document."""
        folder = folder_of(place_of(uri))
        saved = self._recent()
        if saved is not None:
            far = [_HIDDEN if path in hidden else distance(folder, folder_of(path)) for path in saved.paths]
            yield scan(saved, query, saved.starts, np.array(far), limits)
        if self._mapped is not None:
            if self._followed is None or self._followed[0] is not query.right:
                self._followed = query.right, self._mapped.followed(query.right)
            yield self._mapped.places(query, self._followed[1], self._seen_from(folder, hidden), limits)

    def usual(self, hidden: frozenset[str]) -> Scope | None:
        """How often what occurs in all files but the hidden ones; None before there is a corpus."""
        if self._mapped is None or self._tally is None:
            return None
        saved = {path: tokens.ids for path, tokens in self._saved.items() if tokens is not None and path not in hidden}
        out: dict[str, Ids] = {}
        for path in (*hidden, *self._saved, *self._outdated):
            if path in self._places:
                if path not in self._files:
                    self._files[path] = self._mapped.file(self._places[path])
                out[path] = self._files[path]
        return self._tally.scope(out, saved)

    def _recent(self) -> Saved | None:
        files = {path: tokens for path, tokens in self._saved.items() if tokens is not None}
        if self._joined is None and files:
            self._joined = join(files)
        return self._joined

    def _seen_from(self, folder: str, hidden: frozenset[str]) -> Numbers:
        """How far each file of the mapped corpus is from a folder, hidden ones negative."""
        far = self._distances.get(folder)
        if far is None:
            far = np.array([distance(folder, other) for other in self._folders], np.int64)[self._folder_numbers]
            self._distances[folder] = far
        numbers = [self._places[path] for path in (*hidden, *self._saved, *self._outdated) if path in self._places]
        far = far.copy()
        far[numbers] = _HIDDEN
        return far

    def _use(self, mapped: Mapped | None) -> None:
        self._mapped = mapped
        self._root = place(mapped.root) if mapped else ""
        self._places = {f"{self._root}/{place(path)}": n for n, path in enumerate(mapped.paths)} if mapped else {}
        folders = [folder_of(path) for path in self._places]
        self._folders = sorted(set(folders))
        numbers = {folder: number for number, folder in enumerate(self._folders)}
        self._folder_numbers = np.array([numbers[folder] for folder in folders], np.int64)
        self._outdated: frozenset[str] = frozenset()
        # By folder; a workspace has fewer folders than files, and each array is 8 bytes a file.
        self._distances: dict[str, Numbers] = {}
        self._joined: Saved | None = None
        # The readings of a place share what is on the right of it: the last such array, and the lines before that text.
        self._followed: tuple[Ids, Followed | None] | None = None
        self._tally = Tally(mapped.grams.reshape(ORDERS, -1).copy(), len(mapped.ids)) if mapped else None
        # What was taken out of the counts is told by which array it is.
        self._files: dict[str, Ids] = {}


def _remove(path: Path) -> None:
    """Delete a file that is of no more use; another process on Windows may still map it and will delete it itself."""
    with suppress(OSError):
        path.unlink()
