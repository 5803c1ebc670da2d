"""workspace/didChangeWorkspaceFolders: open the projects of new folders, give back those of closed ones."""

from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from copilot_lsp.lsp.configuration import pull
from copilot_lsp.lsp.folders import uris_of
from copilot_lsp.lsp.handler import Notification
from copilot_lsp.lsp.session import Session


def run(session: Session, params: Mapping[str, Any]) -> None:
    event = params["event"]
    session.background(_follow(session, uris_of(event["added"]), uris_of(event["removed"])), "folders")


async def _follow(session: Session, added: list[str], removed: list[str]) -> None:
    await session.services()
    session.folders.change(added, removed)
    if session.client.configuration:
        await pull(session)
    if session.workspaces is not None:
        await session.workspaces.follow()


HANDLER = Notification("did_change_workspace_folders", (types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS,), run)
