"""Which error code does LSP have for what went wrong?"""

from dataclasses import dataclass
from typing import Any

from copilot_lsp.core.errors import CopilotLspError, Superseded

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
NOT_INITIALIZED = -32002
REQUEST_CANCELLED = -32800
CONTENT_MODIFIED = -32801
SERVER_CANCELLED = -32802
REQUEST_FAILED = -32803

# What a request's task is cancelled with when a newer request takes its place.
SUPERSEDED = "a newer request takes this one's place"


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as a client gets it. `data` is JSON-ready."""

    code: int
    message: str
    data: Any = None

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        return body if self.data is None else {**body, "data": self.data}


class Refused(Exception):
    """A request that is answered with this failure; nothing is wrong with the server."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.failure = Failure(code, message, data)


def failure_of(error: Exception) -> Failure:
    """The failure that tells a client about an exception; only our own messages are fit for its eyes."""
    match error:
        case Refused():
            return error.failure
        case Superseded():
            return Failure(CONTENT_MODIFIED, str(error))
        case CopilotLspError():
            return Failure(REQUEST_FAILED, str(error))
        case _:
            return Failure(INTERNAL_ERROR, f"{type(error).__name__}; the server's log has the details")
