"""What does the engine know of the files that are not open?"""

import asyncio
import json
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from copilot_lsp.core.document import document
from copilot_lsp.core.errors import StoreError
from copilot_lsp.recall.build import read_text
from copilot_lsp.recall.lexer import Ids
from copilot_lsp.recall.mapped import Followed, Mapped, open_mapped
from copilot_lsp.recall.match import Limits, Numbers, Places, scan
from copilot_lsp.recall.near import distance, distances, folder_of, place, place_of
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
        self._use(_Built.of(mapped) if mapped else None)

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
        return self._built.mapped.size if self._built else 0

    async def update(self, uri: str, text: str | None) -> None:
        """The text of a file as saved, or None when it is gone. Lexed in slices; await one call before the next."""
        self._saved[place_of(uri)] = None if text is None else await settle(document(uri, text))
        self._joined = None

    def stale(self, files: Iterable[ListedFile]) -> int:
        """How many files are new, changed or gone since the corpus was built; it does not complete from those."""
        listed = {file.path: file.digest for file in files}
        mapped = self._built.mapped if self._built else None
        built = dict(zip(mapped.paths, mapped.digests, strict=True)) if mapped else {}
        gone = {path for path, digest in built.items() if listed.get(path) != digest}
        self._outdated = frozenset(f"{self._built.root}/{place(path)}" for path in gone) if self._built else frozenset()
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
        self._use(await asyncio.to_thread(lambda: _Built.of(open_mapped(target))))
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
        if (built := self._built) is not None:
            if built.followed is None or built.followed[0] is not query.right:
                built.followed = query.right, built.mapped.followed(query.right)
            yield built.mapped.places(query, built.followed[1], self._seen_from(built, folder, hidden), limits)

    def usual(self, hidden: frozenset[str]) -> Scope | None:
        """How often what occurs in all files but the hidden ones; None before there is a corpus."""
        if (built := self._built) is None:
            return None
        saved = {path: tokens.ids for path, tokens in self._saved.items() if tokens is not None and path not in hidden}
        gone = (path for path in (*hidden, *self._saved, *self._outdated) if path in built.places)
        return built.tally.scope({path: built.file(path) for path in gone}, saved)

    def _recent(self) -> Saved | None:
        files = {path: tokens for path, tokens in self._saved.items() if tokens is not None}
        if self._joined is None and files:
            self._joined = join(files)
        return self._joined

    def _seen_from(self, built: "_Built", folder: str, hidden: frozenset[str]) -> Numbers:
        """How far each file of the mapped corpus is from a folder, hidden ones negative."""
        numbers = [built.places[path] for path in (*hidden, *self._saved, *self._outdated) if path in built.places]
        far = built.distance(folder).copy()
        far[numbers] = _HIDDEN
        return far

    def _use(self, built: "_Built | None") -> None:
        self._built = built
        self._outdated: frozenset[str] = frozenset()
        self._joined: Saved | None = None


@dataclass(slots=True, eq=False)
class _Built:
    """What was built, with what is worked out of it: 20 ms for 4,000 files, so it is made in a thread.

    `places` are the files' numbers by their place, `folders` in order, `folder_numbers` those of the files. `distances`
    and `files` are filled as they are asked for; `followed` is what is on the right of the last place, which its
    readings share, and the lines before that text.
    """

    mapped: Mapped
    root: str
    places: dict[str, int]
    folders: list[str]
    folder_numbers: Numbers
    tally: Tally
    distances: dict[str, Numbers] = field(default_factory=dict[str, Numbers])
    files: dict[str, Ids] = field(default_factory=dict[str, Ids])
    followed: tuple[Ids, Followed | None] | None = None

    @classmethod
    def of(cls, mapped: Mapped) -> "_Built":
        root = place(mapped.root)
        places = {f"{root}/{place(path)}": number for number, path in enumerate(mapped.paths)}
        of_files = [folder_of(path) for path in places]
        folders = sorted(set(of_files))
        numbers = {folder: number for number, folder in enumerate(folders)}
        return cls(
            mapped,
            root,
            places,
            folders,
            np.array([numbers[folder] for folder in of_files], np.int64),
            Tally(mapped.grams.reshape(ORDERS, -1).copy(), len(mapped.ids)),
        )

    def file(self, path: str) -> Ids:
        """The tokens of a file by its place. What was taken out of the counts is told by which array it is."""
        if path not in self.files:
            self.files[path] = self.mapped.file(self.places[path])
        return self.files[path]

    def distance(self, folder: str) -> Numbers:
        """How far each file is from a folder; a workspace has fewer folders than files."""
        far = self.distances.get(folder)
        if far is None:
            far = self.distances[folder] = distances(folder, self.folders)[self.folder_numbers]
        return far


def _remove(path: Path) -> None:
    """Delete a file that is of no more use; another process on Windows may still map it and will delete it itself."""
    with suppress(OSError):
        path.unlink()
