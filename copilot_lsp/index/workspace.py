"""The index of one workspace folder as a session's process sees it: open, kept up to date, closed."""

import asyncio
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from copilot_lsp.core.errors import CopilotLspError, StoreDamaged, StoreError, WorkerFailed
from copilot_lsp.index import place
from copilot_lsp.index.ignore import is_withheld
from copilot_lsp.index.job import MIGRATIONS, SEPARATOR, Tally, Task, decode_tally
from copilot_lsp.index.model import Embedder, embed_all, embed_query
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.store.database import Database, open_database, replace_damaged
from copilot_lsp.telemetry.metrics import count, observe
from copilot_lsp.telemetry.span import span
from copilot_lsp.workers.pool import Workers

_LOG = logging.getLogger(__name__)
_POLL_SECONDS = 0.5
_WARM = "copilot_lsp.index.update:warm"
# Whether a file may be sent is asked at every keystroke, and reading the ignore files takes a tenth of a millisecond.
_WITHHELD_SECONDS = 2.0
_WITHHELD_MOST = 256
FILE = "index.db"

Progress = Callable[[str, int | None], None]


@dataclass(frozen=True, slots=True)
class Status:
    """What is indexed, and what is going on: `phase` is idle, crawling, waiting (for the process that crawls),
    embedding or failed. `pending` counts files without rows, while embedding without vectors; `skipped` counts files
    by the reason why they are left out."""

    phase: str = "idle"
    files: int = 0
    bytes: int = 0
    pending: int = 0
    seconds: float = 0.0
    skipped: Mapping[str, int] = field(default_factory=dict[str, int])


class Workspace:
    """The index of the files below `root`. `folder` holds its files; `notice` is a sentence for the user, or empty."""

    def __init__(self, task: Task, database: Database, workers: Workers, embed: Embedder | None, notice: str) -> None:
        self.root = task.root
        self.folder = task.database.parent
        self.notice = notice or database.notice
        self.scope = task.scope
        self.database = database
        self.status = Status()
        self._task = task
        self._workers = workers
        self._embed = embed
        self._temporary = bool(notice)
        self._catching_up: asyncio.Task[None] | None = None
        self._behind = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._unreadable = ""
        self._withheld: dict[str, tuple[float, bool]] = {}

    def uri_of(self, path: Path | str) -> str:
        """The URI of a file, from its absolute path or its path below the root."""
        return place.uri_of(self.root / path)

    def path_of(self, uri: str) -> str | None:
        """The path below the root of a URI, None for a file elsewhere."""
        found = place.path_of(uri)
        return place.relative(self.root, found) if found else None

    def paths_of(self, uris: frozenset[str]) -> frozenset[str]:
        """The paths below the root of those URIs that are in the workspace."""
        return frozenset(path for uri in uris if (path := self.path_of(uri)) is not None)

    def withholds(self, uri: str) -> bool:
        """Whether the user's `.copilotignore` keeps a file of this workspace from every model."""
        path = self.path_of(uri)
        if path is None:
            return False
        at, withheld = self._withheld.get(path, (0.0, False))
        now = time.monotonic()
        if not at or now - at > _WITHHELD_SECONDS:
            if len(self._withheld) >= _WITHHELD_MOST:
                self._withheld.clear()
            withheld = is_withheld(self.root, path)
            self._withheld[path] = now, withheld
        return withheld

    async def crawl(self, progress: Progress | None = None) -> None:
        """Index what changed since the last time, in a worker process; returns when text and symbols can be searched.

        When another process crawls this workspace already, waits for it and then looks for what it missed. Raises
        `StoreError` when the index cannot be written, `WorkerFailed` when the worker dies twice.
        """
        self._loop = asyncio.get_running_loop()
        try:
            try:
                tally = await self._crawl_once(progress)
            except (StoreDamaged, WorkerFailed) as error:
                _LOG.warning("indexing starts again: %s", error)
                if isinstance(error, StoreDamaged):
                    await self._reopen()
                tally = await self._crawl_once(progress)
        except BaseException:
            self.status = replace(self.status, phase="failed")
            raise
        self.status = replace(await self._counted(), skipped=tally.skipped, seconds=tally.seconds)
        self._workers.warm(_WARM, self._task.encode())
        self._catch_up_soon()

    async def update(self, path: Path) -> str | None:
        """Bring one file's rows up to date; returns its text, or None when it is gone or not to be indexed.

        Raises `StoreError` when the index cannot be written, `WorkerFailed` when the file is too much for a worker.
        """
        began = time.monotonic()
        name = place.relative(self.root, path)
        if name is None:
            return None
        task = replace(self._task, path=name)
        try:
            tally, text = await self._update_once(task)
        except StoreDamaged:
            await self._reopen()
            tally, text = await self._update_once(task)
        count("index_writes_total", outcome="ok" if tally.written else "empty")
        observe("index_update_seconds", time.monotonic() - began)
        self._catch_up_soon()
        return text

    async def remove(self, path: Path) -> None:
        """The same for a file that is known to be gone."""
        await self.update(path)

    async def followed(self) -> None:
        """Wait until counted names and vectors have caught up with the text, as far as they can."""
        if self._catching_up is not None:
            await asyncio.shield(self._catching_up)

    async def embed_query(self, query: str) -> bytes | None:
        """The vector that the user's embedding model gives a query; None when there is none, or it is slow or fails."""
        if not self.scope.vectors or self._embed is None or not self._embed.name:
            return None
        return await embed_query(self._embed, self.database, query)

    def unreadable(self, error: StoreError) -> None:
        """A read failed, in any thread: whoever asked goes on with nothing, and what is damaged is built anew."""
        # A popup asks at every keystroke: the same trouble is said once.
        if str(error) != self._unreadable:
            self._unreadable = str(error)
            _LOG.warning("the index cannot be read: %s", error)
        if isinstance(error, StoreDamaged) and self._loop is not None:
            self._loop.call_soon_threadsafe(self.repair_soon)

    def repair_soon(self) -> None:
        """Someone found the index damaged: have it built anew in the background."""
        self.status = replace(self.status, phase="failed")
        self._catch_up_soon()

    async def close(self) -> None:
        """End what runs and close the file; an index that could only be kept for this session is removed."""
        if self._catching_up is not None:
            self._catching_up.cancel()
            await asyncio.gather(self._catching_up, return_exceptions=True)
        await asyncio.to_thread(self.database.close)
        if self._temporary:
            await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)

    def _catch_up_soon(self) -> None:
        """Do in the background what is missing: a crawl that failed, counts of names, vectors. The task is ours:
        `close` ends it."""
        self._behind = True
        if self._catching_up is None or self._catching_up.done():
            self._catching_up = asyncio.create_task(self._catch_up())

    async def _catch_up(self) -> None:
        while self._behind:
            self._behind = False
            try:
                if self.status.phase == "failed":
                    # A file could be written again: the disk that was full has space, or the like.
                    await self.crawl()
                await self._follow_once()
                if self.scope.vectors and self._embed is not None and self._embed.name:
                    await embed_all(self._embed, self.database, self._task)
            except CopilotLspError as error:
                # Search works with what is there; the next save or start tries again.
                _LOG.warning("the index is not up to date: %s", error)
        if self.status.phase == "embedding":
            self.status = replace(self.status, phase="idle", pending=0)

    async def _follow_once(self) -> None:
        def hear(content: bytes) -> None:
            tally = decode_tally(content)
            self.status = replace(self.status, phase="embedding", pending=tally.total - tally.files)

        with span("index.embed"):
            answer = await self._workers.run(
                "copilot_lsp.index.follow:follow", self._task.encode(), progress=hear, nice=True
            )
        if decode_tally(answer).check().busy:
            # The process that holds the lock has the same files before it.
            await asyncio.sleep(_POLL_SECONDS)
            self._behind = True

    async def _crawl_once(self, progress: Progress | None) -> Tally:
        def hear(content: bytes) -> None:
            tally = decode_tally(content)
            self.status = Status(
                "crawling", tally.files, tally.size, tally.total - tally.files, tally.seconds, tally.skipped
            )
            if progress is not None:
                percent = round(100 * tally.files / tally.total) if tally.total else None
                progress(f"Indexing: {tally.files:,} of {tally.total:,} files", percent)

        while True:
            self.status = replace(self.status, phase="crawling")
            with span("index.crawl"):
                answer = await self._workers.run(
                    "copilot_lsp.index.crawl:crawl", self._task.encode(), progress=hear, nice=True
                )
            tally = decode_tally(answer).check()
            if not tally.busy:
                count("index_writes_total", tally.written, outcome="ok")
                count("index_written_bytes_total", tally.written_bytes)
                return tally
            self.status = replace(await self._counted(), phase="waiting")
            if progress is not None:
                progress(f"Another process is indexing: {self.status.files:,} files so far", None)
            await asyncio.sleep(_POLL_SECONDS)

    async def _update_once(self, task: Task) -> tuple[Tally, str | None]:
        with span("index.update"):
            answer = await self._workers.run("copilot_lsp.index.update:update", task.encode())
        head, _, rest = answer.partition(SEPARATOR)
        return decode_tally(head).check(), rest[1:].decode() if rest else None

    async def _counted(self) -> Status:
        if self.database.moved:
            # Another process found it damaged and moved it aside, or the user emptied the cache.
            await self._reopen()
        return await asyncio.to_thread(_count, self.database)

    async def _reopen(self) -> None:
        self.database.close()
        self.database = await asyncio.to_thread(replace_damaged, self._task.database, MIGRATIONS)
        self.notice = self.database.notice or self.notice


async def open_workspace(
    root: Path,
    cache: Path,
    settings: IndexSettings,
    workers: Workers,
    embed: Embedder | None = None,
    *,
    grammars: tuple[Path, ...] = (),
) -> Workspace:
    """Open the index of a folder; nothing is indexed before `crawl`. `grammars` are the user's own folders of them.

    An index that cannot be used (read-only or full disk, written by a newer version) is left alone: this session's
    is then kept in a private temporary folder, and `notice` says so.
    """
    real = await asyncio.to_thread(root.resolve)
    task = Task(real, place.folder_of(real, cache) / FILE, settings.scope, grammars)
    notice = ""
    try:
        database = await asyncio.to_thread(open_database, task.database, MIGRATIONS)
    except StoreError as error:
        folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="copilot-lsp-")
        task = replace(task, database=Path(folder) / FILE)
        notice = f"{error}. The index is kept for this session only"
        database = await asyncio.to_thread(open_database, task.database, MIGRATIONS)
    workers.warm(_WARM, task.encode())
    return Workspace(task, database, workers, embed, notice)


def _count(database: Database) -> Status:
    with database.read() as connection:
        files, size = connection.execute("SELECT count(*), coalesce(sum(size), 0) FROM files").fetchall()[0]
    return Status("idle", files, size)
