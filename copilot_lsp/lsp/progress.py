"""Show how far long work is, in the client's own way."""

import asyncio
import logging
from collections.abc import Generator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from lsprotocol import types

from copilot_lsp.core.errors import Overloaded
from copilot_lsp.lsp.protocol import ClientRefused

if TYPE_CHECKING:
    from copilot_lsp.lsp.session import Session

log = logging.getLogger(__name__)

# More often than this nobody can read, and each report is a message.
_EVERY = 0.1
_tokens = count(1)


@contextmanager
def shown(session: "Session", title: str, token: int | str | None) -> Generator["Bar"]:
    """A bar that is in the client while the body runs."""
    bar = Bar(session, title, token)
    session.background(bar.show(), "progress")
    try:
        yield bar
    finally:
        bar.end()


class Bar:
    """One piece of work. `report` and `end` may be called at any time; `show` sends what they say.

    `token` is the client's own, for work that it asked for; without one the client is asked for a bar, if it has any.
    """

    def __init__(self, session: "Session", title: str, token: int | str | None = None) -> None:
        self._session = session
        self._title = title
        self._token = token
        self._news = asyncio.Event()
        self._latest = types.WorkDoneProgressReport()
        self._over = False

    def report(self, message: str, percent: int | None = None) -> None:
        """How far the work is now."""
        self._latest = types.WorkDoneProgressReport(message=message, percentage=percent)
        self._news.set()

    def end(self) -> None:
        """The work is done, well or not."""
        self._over = True
        self._news.set()

    async def show(self) -> None:
        """Send the bar until the work ends. Invariant: a bar that has begun is always ended."""
        token = self._token if self._token is not None else await self._created()
        if token is None or (self._over and self._token is None):
            return
        self._send(token, types.WorkDoneProgressBegin(title=self._title, message=self._latest.message, percentage=0))
        try:
            while not self._over:
                await self._news.wait()
                self._news.clear()
                self._send(token, self._latest)
                await asyncio.sleep(_EVERY)
        finally:
            self._send(token, types.WorkDoneProgressEnd())

    async def _created(self) -> str | None:
        if not self._session.client.progress:
            return None
        token = f"copilot-lsp-{next(_tokens)}"
        try:
            await self._session.wire.window_work_done_progress_create_async(types.WorkDoneProgressCreateParams(token))
        except (ClientRefused, TimeoutError, Overloaded) as error:
            log.debug("no progress bar: %s", error)
            return None
        return token

    def _send(
        self,
        token: int | str,
        value: types.WorkDoneProgressBegin | types.WorkDoneProgressReport | types.WorkDoneProgressEnd,
    ) -> None:
        self._session.wire.progress(types.ProgressParams(token, value))
