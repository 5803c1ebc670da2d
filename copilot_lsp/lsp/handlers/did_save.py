"""textDocument/didSave: what is on disk has changed, so the index follows."""

from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from copilot_lsp.lsp.convert import path_of
from copilot_lsp.lsp.handler import Notification
from copilot_lsp.lsp.session import Session


def run(session: Session, params: Mapping[str, Any]) -> None:
    path = path_of(params["textDocument"]["uri"])
    # Before the workspaces are open there is nothing to bring up to date: opening them reads every file.
    if path is not None and session.workspaces is not None:
        session.background(session.workspaces.files_changed((path,)), "saved")


HANDLER = Notification("did_save", (types.TEXT_DOCUMENT_DID_SAVE,), run)
