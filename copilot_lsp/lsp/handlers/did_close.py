"""textDocument/didClose: forget the document; from now on its file counts again."""

from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from copilot_lsp.lsp.handler import Notification
from copilot_lsp.lsp.session import Session


def run(session: Session, params: Mapping[str, Any]) -> None:
    session.closed(params["textDocument"]["uri"])


HANDLER = Notification("did_close", (types.TEXT_DOCUMENT_DID_CLOSE,), run)
