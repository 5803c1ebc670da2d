"""Push diagnostics to a client that cannot pull them, a moment after its user has stopped typing."""

import asyncio
from typing import Any

from lsprotocol import types

from copilot_lsp.agents.services import Services
from copilot_lsp.core.errors import DeadlineExceeded, Overloaded, Superseded
from copilot_lsp.features.diagnostics import diagnostics
from copilot_lsp.lsp.convert import Ruler
from copilot_lsp.lsp.diagnostics import diagnostics_of
from copilot_lsp.lsp.session import Session

_DELAY = 0.25


class Publisher:
    """Publishes for one session. Each change starts a document's delay anew."""

    def __init__(self, session: Session, services: Services[Any]) -> None:
        self._session = session
        self._services = services
        self._due: dict[str, asyncio.TimerHandle] = {}

    def changed(self, uri: str) -> None:
        """The findings of a document may be others now."""
        self._forget(uri)
        self._due[uri] = asyncio.get_running_loop().call_later(_DELAY, self._begin, uri)

    def closed(self, uri: str) -> None:
        """A document that is not open shows nothing."""
        self._forget(uri)
        self._publish(uri, None, [])

    def close(self) -> None:
        """Publish nothing any more."""
        for uri in tuple(self._due):
            self._forget(uri)

    def _forget(self, uri: str) -> None:
        waiting = self._due.pop(uri, None)
        if waiting is not None:
            waiting.cancel()

    def _begin(self, uri: str) -> None:
        del self._due[uri]
        self._session.background(self._find(uri), "publish")

    async def _find(self, uri: str) -> None:
        document = self._session.documents.get(uri)
        if document is None:
            return
        folder, view = self._session.picture(document)
        assert view is not None
        try:
            findings = await diagnostics(self._services.pool, view) if folder.settings.editor.diagnostics else ()
        except Superseded:
            return  # The change that did this has begun the delay anew.
        except (Overloaded, DeadlineExceeded):
            self.changed(uri)
            return
        if self._session.documents.get(uri) is document:
            ruler = Ruler(document, self._session.client.encoding)
            self._publish(uri, document.version, diagnostics_of(findings, ruler))

    def _publish(self, uri: str, version: int | None, items: list[types.Diagnostic]) -> None:
        self._session.wire.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, items, version))
