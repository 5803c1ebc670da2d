"""One answer that a model is writing, and whether it can still be of use."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from copilot_lsp.agents.serving.answers import foretold
from copilot_lsp.agents.trim import begin
from copilot_lsp.core.document import Document
from copilot_lsp.core.errors import ProviderError

# What editors type by themselves behind the cursor; the model's own closing comes later.
_CLOSERS = ")]}>\"'`"
# How often the loop turns until the bytes of a request on an open connection have left this process, and some more.
_TURNS = 24


class Flight:
    """What a model writes at an offset of a document. It belongs to a session and not to a request: whoever waits for
    it may leave, and the next keystroke may come for the same answer.
    """

    def __init__(self, document: Document, offset: int, model: str) -> None:
        self.document = document
        self.offset = offset
        self.model = model
        self.text = ""
        self.begun = self.ended = False
        self.error: ProviderError | None = None
        self.waiting = 0
        self.pieces = 0
        self.started = self.first = self.last = time.monotonic()
        self._before = document.text[:offset]
        self._after = document.text[offset:]
        line = document.position(offset)
        self._line = document.line(line.line)[: line.column]
        self._raw = ""
        self._news = asyncio.Event()

    def may_fit(self, text: str, offset: int | None = None) -> bool:
        """Whether the document may still become what is being written here: what was typed agrees with it so far.

        Without `offset` everything that was added is taken to be typed.
        """
        if not self.begun and len(text) != len(self.document.text):
            return False  # nothing was asked yet: better of the newer text
        end = len(text) - len(self._after)
        if end < self.offset or not (text.startswith(self._before) and text.endswith(self._after)):
            return False
        if offset is not None and not self.offset <= offset <= end:
            return False
        # Without a cursor, what was typed may end with what the editor closed by itself.
        typed = [text[self.offset : end if offset is None else offset]]
        if offset is None:
            typed.append(typed[0].rstrip(_CLOSERS))
        return any(one.startswith(self.text) or self.text.startswith(one) for one in typed)

    async def follow(self, pieces: AsyncGenerator[str], enough: Callable[[str], str | None]) -> None:
        """Take what the model writes until it ends, or until `enough` gives the part of it that is all there is to say.

        Closing the stream closes the model's socket: it stops writing at once.
        """
        self.begun = True
        self.started = self.first = self.last = time.monotonic()
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    self._take(piece)
                    whole = enough(self.text) if "\n" in piece else None
                    if whole is not None:
                        self.text = whole
                        break
        except ProviderError as error:
            self.error = error

    def lines(self, document: Document, offset: int) -> str:
        """The whole lines that are written so far and that still fit a document."""
        whole = self.text.rpartition("\n")[0]
        answer = foretold(self.document, self.offset, whole, self.model, 1.0, firm=True)
        return answer.rest(document, offset) if whole.strip() else ""

    def end(self) -> None:
        """Nothing more comes: wake whoever waits."""
        self.ended = True
        self._tell()

    async def underway(self) -> None:
        """Let the request leave before something else holds the event loop."""
        for _ in range(_TURNS):
            if self.ended:
                return
            await asyncio.sleep(0)

    async def wait(self, document: Document, offset: int, seconds: float, hear: Callable[[str], None]) -> bool:
        """Wait until it has ended, or turns out to be something else than what was typed; False when neither came in
        time. `hear` is told what is written meanwhile.
        """
        heard = ""
        self.waiting += 1
        try:
            async with asyncio.timeout(seconds):
                while not self.ended and self.may_fit(document.text, offset):
                    await self._news.wait()
                    if self.text.startswith(heard) and len(self.text) > len(heard):
                        hear(self.text[len(heard) :])
                        heard = self.text
        except TimeoutError:
            return False
        finally:
            self.waiting -= 1
        return True

    def _take(self, piece: str) -> None:
        self.last = time.monotonic()
        if not self.pieces:
            self.first = self.last
        self.pieces += 1
        self._raw += piece
        self.text = begin(self._raw, self._line)
        self._tell()

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()
