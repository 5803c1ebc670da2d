"""textDocument/didChange: apply the changes, in order."""

import time
from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from copilot_lsp.lsp.handler import Notification
from copilot_lsp.lsp.session import Session


def run(session: Session, params: Mapping[str, Any]) -> None:
    # The parameters are read as they came: making LSP's types of each keystroke's change would cost more than
    # applying it.
    changed = session.documents.change(params["textDocument"], params["contentChanges"], time.monotonic())
    session.changed(changed)


HANDLER = Notification("did_change", (types.TEXT_DOCUMENT_DID_CHANGE,), run)
