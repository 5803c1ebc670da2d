"""What happens between the answer to `initialize` and the first task?"""

import asyncio
import logging
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from copilot_lsp.core.errors import CopilotLspError
from copilot_lsp.lsp.configuration import pull, register
from copilot_lsp.lsp.dispatch import load_all
from copilot_lsp.lsp.parent import outlived
from copilot_lsp.lsp.session import Session

if TYPE_CHECKING:
    from copilot_lsp.agents.services import Services
    from copilot_lsp.lsp.publisher import Publisher
    from copilot_lsp.lsp.server import Server

log = logging.getLogger(__name__)

# A client that is asked for its settings and says nothing is served with the defaults from then on.
_PATIENCE = 1.0
_CANNOT_START = "copilot-lsp could not start; its log says why, and so does copilot-lsp doctor"
# Our own modules that stand on what the runtime imports, and that the first ghost text needs.
_LATE = (
    "copilot_lsp.lsp.overlays",
    "copilot_lsp.lsp.workspaces",
    "copilot_lsp.lsp.handlers.inline_completion",
)


async def start(session: Session, server: "Server") -> None:
    """Bring a session to the point where tasks can run, then put its folders to work.

    The services are started when the answer to `initialize` has left the process, so that it waits for nothing.
    """
    await server.channel.flushed()
    if session.client.process is not None:
        session.background(_end_with(session.client.process, server), "parent watch")
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(_settings(session))
            starting = both.create_task(_services(server))
        await _attach(session, starting.result())
    except Exception:
        session.fail(CopilotLspError(_CANNOT_START))
        session.warn(_CANNOT_START)
        raise
    assert session.workspaces is not None
    # LSP lets a server ask nothing before `initialized`; a client that forgets it is served all the same.
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            await session.introduced.wait()
    session.background(register(session), "register")
    # The other handlers come after the first ghost text, and before worker processes compete for the processor.
    await asyncio.to_thread(load_all)
    await session.workspaces.open_all()


async def _services(server: "Server") -> "Services[Any]":
    services = await server.runtime.services()
    await asyncio.to_thread(_import_the_rest)
    return services


def _import_the_rest() -> None:
    from copilot_lsp.syntax.languages import everything  # with tree-sitter, which the runtime has imported by now

    for name in _LATE:
        import_module(name)
    everything()


async def _attach(session: Session, services: "Services[Any]") -> None:
    from copilot_lsp.agents.learning.outcomes import Outcomes
    from copilot_lsp.lsp.overlays import Overlays
    from copilot_lsp.lsp.workspaces import Workspaces

    session.workspaces = Workspaces(session, services)
    await session.workspaces.configure()
    outcomes = Outcomes(services.journal, session.documents.get, session.warn)
    folders = session.folders
    session.overlays = Overlays(session.documents, lambda uri: folders.of(uri).settings.syntax.limits, outcomes)
    session.background(outcomes.kept.watch(), "learning")
    session.serve(services)
    if not session.client.pull_diagnostics:
        # Stands on what checks documents, which takes as long to import as all that the first ghost text needs here.
        module = await asyncio.to_thread(import_module, "copilot_lsp.lsp.publisher")
        publisher: Publisher = module.Publisher(session, services)
        session.publisher = publisher
        for document in session.documents:
            publisher.changed(document.uri)


async def _settings(session: Session) -> None:
    """The client's settings before the first task, if it gives them soon."""
    if not session.client.configuration:
        return
    try:
        async with asyncio.timeout(_PATIENCE):
            await session.introduced.wait()
            await pull(session)
    except TimeoutError:
        log.warning("the client does not answer workspace/configuration; the defaults are used")


async def _end_with(process: int, server: "Server") -> None:
    await outlived(process)
    log.warning("the editor that started this session is gone")
    server.end(1)
