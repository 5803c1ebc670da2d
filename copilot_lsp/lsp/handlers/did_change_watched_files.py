"""workspace/didChangeWatchedFiles: files were written, created or deleted behind the editor's back."""

from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from copilot_lsp.lsp.convert import path_of
from copilot_lsp.lsp.handler import Notification
from copilot_lsp.lsp.session import Session

# These change the settings of their folder.
_SETTINGS = frozenset({"copilot-lsp.toml", "pyproject.toml"})


def run(session: Session, params: Mapping[str, Any]) -> None:
    paths = [path for event in params["changes"] if (path := path_of(event["uri"])) is not None]
    if not paths or session.workspaces is None:
        return
    session.background(session.workspaces.files_changed(paths), "watched files")
    if any(path.name in _SETTINGS for path in paths):
        session.background(session.workspaces.configure(), "settings file")


HANDLER = Notification("did_change_watched_files", (types.WORKSPACE_DID_CHANGE_WATCHED_FILES,), run)
