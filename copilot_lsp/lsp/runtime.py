"""What a session needs from the process that it runs in."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from copilot_lsp.agents.services import Services


class Runtime(Protocol):
    """One per process, shared by its sessions; `copilot_lsp.app` has the real one.

    `sessions` holds, by the name of each session that is up, what tells about it in JSON-ready values.
    """

    sessions: dict[str, Callable[[], dict[str, Any]]]

    async def services(self) -> "Services[Any]":
        """Everything that answers need. The first call starts it, later ones get the same; raises what went wrong."""
        ...

    async def close(self) -> None:
        """Close stores, workers and connections. May be called when nothing was started."""
        ...
