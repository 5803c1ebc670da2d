"""Ask a client to ask again for what it may have remembered."""

import logging
from typing import TYPE_CHECKING

from copilot_lsp.core.errors import Overloaded
from copilot_lsp.lsp.client import Client
from copilot_lsp.lsp.protocol import ClientRefused

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer

log = logging.getLogger(__name__)


async def refresh(wire: "LanguageServer", client: Client) -> None:
    """Diagnostics and lenses, where the client can be asked."""
    try:
        if client.refreshes_diagnostics:
            await wire.workspace_diagnostic_refresh_async(None)
        if client.refreshes_lenses:
            await wire.workspace_code_lens_refresh_async(None)
    except (ClientRefused, TimeoutError, Overloaded) as error:
        log.debug("the client does not refresh: %s", error)
