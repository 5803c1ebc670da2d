"""What a running server answers on its side port."""

import http.client
import json
from typing import Any

from copilot_lsp.core.errors import CopilotLspError
from copilot_lsp.side.discovery import Server


class ServerSilent(CopilotLspError):
    """A server that should run does not answer, or not as ours do."""


def ask(server: Server, path: str, *, timeout: float = 3.0) -> dict[str, Any]:
    """GET a JSON object from a server's side port. Raises ServerSilent."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout)
    try:
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ServerSilent(
            f"the server with process id {server.pid} does not answer at {server.url}: {error}"
        ) from None
    finally:
        connection.close()
