"""One client's session: its open documents, folders and settings, and the view of them that a task takes.

Nothing heavy is imported here: documents are kept from the first message on, what is derived from them is attached when
the runtime has started.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from copilot_lsp.core.document import Document
from copilot_lsp.lsp import errors
from copilot_lsp.lsp.client import Client
from copilot_lsp.lsp.client_settings import ClientSettings
from copilot_lsp.lsp.documents import Documents
from copilot_lsp.lsp.errors import Refused
from copilot_lsp.lsp.folders import Folder, Folders
from copilot_lsp.lsp.refresh import refresh

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

    from copilot_lsp.agents.services import Services
    from copilot_lsp.agents.view import View
    from copilot_lsp.lsp.overlays import Overlays
    from copilot_lsp.lsp.publisher import Publisher
    from copilot_lsp.lsp.workspaces import Workspaces

log = logging.getLogger(__name__)

# Sentences that were said once are remembered to be said only once; a client cannot make us remember more than this.
_SAID_LIMIT = 500
Background = Callable[[Coroutine[Any, Any, None], str], None]


def trace_of(value: Any) -> types.TraceValue:
    """How much a client wants to hear; nothing said means off. Raises ValueError for what is no word for it."""
    return types.TraceValue.Off if value is None else types.TraceValue(value)


class Session:
    """`wire` sends to the client; `background` runs work that nobody waits for until the session ends."""

    def __init__(
        self, name: str, client: Client, folders: Folders, wire: "LanguageServer", background: Background
    ) -> None:
        self.name = name
        self.client = client
        self.folders = folders
        self.wire = wire
        self.background = background
        self.documents = Documents(client.encoding)
        self.settings = ClientSettings(client.options)
        self.trace = types.TraceValue.Off
        self.introduced = asyncio.Event()
        self.overlays: Overlays | None = None
        self.workspaces: Workspaces | None = None
        self.publisher: Publisher | None = None
        self._services: asyncio.Future[Services[Any]] = asyncio.get_running_loop().create_future()
        self._said: set[str] = set()

    # The runtime's services, which arrive some time after the session begins.

    @property
    def ready(self) -> bool:
        """Whether views can be taken: the services have arrived."""
        return self._services.done() and not self._services.cancelled() and self._services.exception() is None

    async def services(self) -> "Services[Any]":
        """What the runtime offers, as soon as it has started. Raises what kept it from starting."""
        return await asyncio.shield(self._services)

    def serve(self, services: "Services[Any]") -> None:
        """From now on tasks can run."""
        self._services.set_result(services)

    def fail(self, error: Exception) -> None:
        """The runtime cannot start: every request says why."""
        self._services.set_exception(error)
        self._services.exception()  # that nobody has asked yet is no news

    # Documents and the view of them.

    def document(self, uri: str) -> Document:
        """An open document as it is now. Raises Refused for one that is not open."""
        found = self.documents.get(uri)
        if found is None:
            raise Refused(errors.INVALID_PARAMS, f"{uri} is not open")
        return found

    def picture(self, document: Document | None) -> "tuple[Folder, View | None]":
        """Everything as it is now: the folder that a document lies in, and the view of it. Only when `ready`.

        Without a document it is the first folder, which a command without a place means.
        """
        if document is None:
            return self.folders.of(""), None
        assert self.overlays is not None
        folder = self.folders.of(document.uri)
        return folder, self.overlays.view(document, folder, self.name)

    def _view(self, document: Document) -> "View":
        view = self.picture(document)[1]
        assert view is not None
        return view

    # What happens to documents; everything derived from them follows.

    def opened(self, document: Document) -> None:
        if self.overlays is not None:
            self.overlays.opened(document)
        self._republish(document.uri)

    def changed(self, document: Document) -> None:
        if self.overlays is not None:
            self.overlays.changed(document)
            self.overlays.serving.changed(document, lambda: self._view(document))
        self._republish(document.uri)

    def closed(self, uri: str) -> None:
        self.documents.close(uri)
        if self.overlays is not None:
            self.overlays.closed(uri)
            self.overlays.serving.closed(uri)
        if self.publisher is not None:
            self.publisher.closed(uri)

    def refresh(self) -> None:
        """What was answered before may be answered otherwise now: ask the client to ask again."""
        if self.publisher is not None:
            for document in self.documents:
                self.publisher.changed(document.uri)
        else:
            self.background(refresh(self.wire, self.client), "refresh")

    def _republish(self, uri: str) -> None:
        if self.publisher is not None:
            self.publisher.changed(uri)

    async def close(self) -> None:
        """Give back what the session holds; its tasks have ended."""
        if self.publisher is not None:
            self.publisher.close()
        if self.overlays is not None:
            await self.overlays.serving.close()
            await self.overlays.outcomes.close()
        if self.workspaces is not None:
            await self.workspaces.close()

    def about(self) -> dict[str, Any]:
        """What `/status` shows of the session."""
        return {
            "name": self.name,
            "editor": f"{self.client.name} {self.client.version}".strip()[:100],
            "encoding": self.client.encoding,
            "folders": len(self.folders.uris),
            "documents": len(self.documents),
            "characters": sum(len(document.text) for document in self.documents),
            "ready": self.ready,
        }

    # Words for a person.

    def notify(self, sentence: str) -> None:
        """Something that is good to know, said each time."""
        self.wire.window_log_message(types.LogMessageParams(types.MessageType.Info, sentence))

    def warn(self, sentence: str) -> None:
        """Something that a person should do something about, said once."""
        if self._is_news(sentence):
            log.warning("%s", sentence)
            self.wire.window_show_message(types.ShowMessageParams(types.MessageType.Warning, sentence))

    def trace_request(self, method: str, outcome: str, seconds: float) -> None:
        """What became of a request, for a client that has set its trace to hear it; times only when it is verbose."""
        if self.trace is not types.TraceValue.Off:
            verbose = f"{seconds * 1000:.1f} ms" if self.trace is types.TraceValue.Verbose else None
            self.wire.log_trace(types.LogTraceParams(f"{method}: {outcome}", verbose))

    def _is_news(self, sentence: str) -> bool:
        news = sentence not in self._said and len(self._said) < _SAID_LIMIT
        if news:
            self._said.add(sentence)
        return news
