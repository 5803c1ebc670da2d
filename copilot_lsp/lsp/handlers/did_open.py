"""textDocument/didOpen: keep the document, and begin to derive from it what completions need."""

from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from copilot_lsp.lsp.handler import Notification
from copilot_lsp.lsp.session import Session


def run(session: Session, params: Mapping[str, Any]) -> None:
    session.opened(session.documents.open(params["textDocument"]))


HANDLER = Notification("did_open", (types.TEXT_DOCUMENT_DID_OPEN,), run)
