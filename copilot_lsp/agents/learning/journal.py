"""Where outcomes are kept for all sessions of a process, and what they say of this person.

Invariant: the file is written and read in one thread, some seconds after something happened. A file that cannot be used
costs what would have been learned from it, and nothing else: it is said once, and tried again.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from copilot_lsp.agents.learning import rows
from copilot_lsp.agents.learning.calibrate import Calibration
from copilot_lsp.agents.learning.suggestion import Outcome
from copilot_lsp.core.errors import StoreDamaged, StoreError
from copilot_lsp.store.database import Database
from copilot_lsp.telemetry.health import Health
from copilot_lsp.telemetry.metrics import count, gauge

_log = logging.getLogger(__name__)

# One transaction for what happens within so many seconds; a kill loses that much.
_EVERY = 3.0
# Waiting outcomes beyond this are dropped, the oldest first: a disk may stay full for days.
_MOST_WAITING = 2_000
# A file that could not be opened is tried again after so many seconds.
_AGAIN = 60.0
# The rates are read again after so many outcomes, or so many seconds when there are fewer.
_MANY = 20
_REFRESH = 300.0


@dataclass(slots=True, eq=False)
class Journal:
    """One per process; `folder` holds its file, which other processes write as well.

    Nothing is opened before `begin`. `trouble` is a sentence about a file that cannot be used, or empty. Belongs to the
    event loop of the runtime.
    """

    folder: Path
    health: Health
    calibration: Calibration = field(default_factory=Calibration)
    trouble: str = ""
    _waiting: dict[int, Outcome] = field(default_factory=dict[int, Outcome])
    _database: Database | None = None
    _listeners: list[Callable[[str], None]] = field(default_factory=list[Callable[[str], None]])
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    # One thread: what a cancelled `run` has begun ends before the next begins.
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "journal"))
    _next_try: float = 0.0
    _next_read: float = 0.0
    _since_read: int = 0
    _damaged: bool = False
    _closed: bool = False

    @property
    def waiting(self) -> tuple[Outcome, ...]:
        """What is not written yet."""
        return tuple(self._waiting.values())

    def begin(self) -> None:
        """Someone learns: open the file soon, if `run` has not done so yet."""
        self._wanted.set()

    def add(self, outcome: Outcome) -> None:
        """Keep an outcome; one of the same suggestion is replaced."""
        self._waiting[outcome.id] = outcome
        if len(self._waiting) > _MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
        self.begin()
        self._news.set()

    def listen(self, hear: Callable[[str], None]) -> Callable[[], None]:
        """Hear of trouble, also of what there is already; call what is returned to stop."""
        self._listeners.append(hear)
        if self.trouble:
            hear(self.trouble)
        return lambda: self._listeners.remove(hear)

    async def run(self) -> None:
        """Read what is known when it is first wanted, then write what comes. Its owner cancels it."""
        await self._wanted.wait()
        await self.flush()
        while True:
            await self._news.wait()
            await asyncio.sleep(_EVERY)
            await self.flush()

    async def flush(self) -> None:
        """Write what waits now. A file that cannot be written keeps it waiting."""
        if self._closed or not self._wanted.is_set() or (self._database is None and time.monotonic() < self._next_try):
            return
        self._news.clear()
        batch = self.waiting
        try:
            await self._in_thread(lambda: self._store(batch))
        except StoreError as error:
            await self._give_up(error)
        else:
            self._written(batch)

    async def close(self) -> None:
        """Write what waits and close the file."""
        await self.flush()
        self._closed = True
        database, self._database = self._database, None
        if database is not None:
            await self._in_thread(database.close)
        self._thread.shutdown(wait=False)

    async def _in_thread(self, work: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _store(self, batch: tuple[Outcome, ...]) -> None:
        """In a thread: open the file if need be, write, and read the rates when it is time."""
        if self._database is not None and self._database.moved:
            # The user deleted it, or another process found it damaged.
            self._database.close()
            self._database = None
        if self._database is None:
            self._database = rows.open_outcomes(self.folder, damaged=self._damaged)
            self._damaged = False
            if self._database.notice:
                _log.warning("%s", self._database.notice)
        if batch:
            rows.write(self._database, batch)
        self._since_read += len(batch)
        now = time.monotonic()
        if self._since_read >= _MANY or now >= self._next_read:
            rows.trim(self._database, time.time())
            self.calibration = Calibration(rows.tallies(self._database, time.time()))
            for source in self.calibration.sources:
                gauge("suggestion_acceptance", self.calibration.acceptance(source) or 0.0, source=source)
            self._next_read, self._since_read = now + _REFRESH, 0

    def _written(self, batch: tuple[Outcome, ...]) -> None:
        count("learning_writes_total", outcome="ok")
        for one in batch:
            # What was replaced meanwhile waits for the next time.
            if self._waiting.get(one.id) is one:
                del self._waiting[one.id]
        notice = self._database.notice if self._database else ""
        self._note("")
        if notice and self._database:
            self._database.notice = ""
            self._tell(f"What was learned from earlier suggestions is lost: {notice}")

    async def _give_up(self, error: StoreError) -> None:
        count("learning_writes_total", outcome="error")
        self._next_try = time.monotonic() + _AGAIN
        database, self._database = self._database, None
        if database is not None:
            await self._in_thread(database.close)
        if isinstance(error, StoreDamaged):
            self._damaged, self._next_try = True, 0.0  # opening it anew moves it aside: no need to wait
            self._news.set()
        self._note(f"What becomes of suggestions is not remembered: {error}")

    def _note(self, trouble: str) -> None:
        if self.health.set("learning", "degraded" if trouble else "ok", trouble) and trouble:
            _log.warning("%s", trouble)
        if trouble and not self.trouble:
            self._tell(trouble)
        self.trouble = trouble

    def _tell(self, sentence: str) -> None:
        for hear in tuple(self._listeners):
            hear(sentence)
