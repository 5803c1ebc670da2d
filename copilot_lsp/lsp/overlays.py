"""What is derived from the open documents: their trees and tokens, and the view of all of it that a task gets.

Imported when the runtime has started, because trees and tokens are not needed to answer `initialize`.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from copilot_lsp.agents.learning.learned import NOTHING_LEARNED
from copilot_lsp.agents.learning.outcomes import Outcomes
from copilot_lsp.agents.serving.serving import Serving
from copilot_lsp.agents.view import OpenDocument, RecentEdit, View
from copilot_lsp.core.document import Document
from copilot_lsp.lsp.documents import Documents
from copilot_lsp.lsp.edits import Change
from copilot_lsp.lsp.folders import Folder
from copilot_lsp.recall.live import LiveTokens
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.limits import Limits
from copilot_lsp.syntax.live import LiveTree


class Overlays:
    """Follows the documents of one session. `changed` costs one pass over the text; trees and tokens are made later.

    `limits` are those of parsing, by a document's URI.
    """

    def __init__(self, documents: Documents, limits: Callable[[str], Limits], outcomes: Outcomes) -> None:
        self.outcomes = outcomes
        self.serving = Serving()
        self._documents = documents
        self._limits = limits
        self._open: dict[str, OpenDocument] = {}
        # What views share until something changes: a burst of requests must not copy it each time.
        self._shown: Mapping[str, OpenDocument] | None = None
        self._edits: tuple[RecentEdit, ...] | None = None
        for document in documents:
            self.opened(document)

    def opened(self, document: Document) -> None:
        self.outcomes.closed(document.uri)
        language = languages.from_client(document.language, document.uri)
        if language != document.language:
            document = self._documents.relabel(document.uri, language)
        self._keep(OpenDocument(document, LiveTree(document, self._limits(document.uri)), LiveTokens()))

    def changed(self, document: Document) -> None:
        known = self._open[document.uri]
        self._edits = None
        known.live.changed(document)
        self._keep(OpenDocument(document, known.live, known.tokens))
        for step in self._documents.steps:
            self.outcomes.changed(*step)

    def closed(self, uri: str) -> None:
        self.outcomes.closed(uri)
        self._open.pop(uri, None)
        self._shown = self._edits = None

    def view(self, document: Document, folder: Folder, session: str) -> View:
        """Everything as it is now, about one open document."""
        if self._shown is None:
            self._shown = MappingProxyType(dict(self._open))
        if self._edits is None:
            self._edits = _recent(self._documents.changes)
        learns = folder.settings.learning.enabled
        return View(
            document=document,
            open=self._shown,
            project=folder.project,
            settings=folder.settings,
            models=folder.models,
            session=session,
            serving=self.serving,
            edits=self._edits,
            learned=self.outcomes.learned(document.uri) if learns else NOTHING_LEARNED,
        )

    def _keep(self, document: OpenDocument) -> None:
        self._open[document.document.uri] = document
        self._shown = None


def _recent(changes: Iterable[Change]) -> tuple[RecentEdit, ...]:
    return tuple([RecentEdit(one.uri, one.edit, one.start, one.before, one.at) for one in changes])
