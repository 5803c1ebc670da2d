"""$/setTrace: how much the client wants to hear in `$/logTrace`."""

from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from copilot_lsp.lsp.handler import Notification
from copilot_lsp.lsp.session import Session, trace_of


def run(session: Session, params: Mapping[str, Any]) -> None:
    session.trace = trace_of(params["value"])


HANDLER = Notification("set_trace", (types.SET_TRACE,), run)
