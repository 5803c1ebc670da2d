"""workspace/didChangeConfiguration: take the settings that it brings, or pull them where it brings none."""

from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from copilot_lsp.lsp.configuration import pull
from copilot_lsp.lsp.handler import Notification
from copilot_lsp.lsp.session import Session


def run(session: Session, params: Mapping[str, Any]) -> None:
    pushed = session.settings.push(params)
    session.background(_settle(session, pushed), "settings")


async def _settle(session: Session, pushed: bool) -> None:
    if not pushed and session.client.configuration:
        await pull(session)
    # Until the session is ready nobody has read any settings; then it reads these.
    if session.workspaces is not None:
        await session.workspaces.configure()
        session.refresh()


HANDLER = Notification("did_change_configuration", (types.WORKSPACE_DID_CHANGE_CONFIGURATION,), run)
