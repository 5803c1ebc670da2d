"""Ask the client for its settings, and to be told when they or files change."""

import logging

from lsprotocol import types

from copilot_lsp.core.errors import Overloaded
from copilot_lsp.lsp.client_settings import SECTION
from copilot_lsp.lsp.protocol import ClientRefused
from copilot_lsp.lsp.session import Session

log = logging.getLogger(__name__)

# Files that no grammar names and that change what we do.
_OWN_FILES = ("**/.gitignore", "**/.copilotignore", "**/copilot-lsp.toml", "**/pyproject.toml")


async def pull(session: Session) -> None:
    """Ask for our section, for each folder and for what lies in none."""
    scopes = ["", *session.folders.uris]
    items = [types.ConfigurationItem(scope_uri=scope or None, section=SECTION) for scope in scopes]
    try:
        answers = await session.wire.workspace_configuration_async(types.ConfigurationParams(items))
    except (ClientRefused, TimeoutError, Overloaded) as error:
        log.warning("the client does not tell its settings: %s", error)
        return
    for scope, answer in zip(scopes, answers, strict=False):
        session.settings.pulled(scope, answer)


async def register(session: Session) -> None:
    """Ask to be told of changed files and settings, where that has to be asked for."""
    wanted: list[types.Registration] = []
    if session.client.registers_watchers:
        options = types.DidChangeWatchedFilesRegistrationOptions(_watchers())
        wanted.append(types.Registration("watched-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
    if session.client.registers_configuration:
        section = types.DidChangeConfigurationRegistrationOptions(SECTION)
        wanted.append(types.Registration("configuration", types.WORKSPACE_DID_CHANGE_CONFIGURATION, section))
    if wanted:
        try:
            await session.wire.client_register_capability_async(types.RegistrationParams(wanted))
        except (ClientRefused, TimeoutError, Overloaded) as error:
            log.warning("the client does not watch files for us: %s", error)


def _watchers() -> list[types.FileSystemWatcher]:
    from copilot_lsp.syntax.languages import everything  # reads the grammars' folder: only when the session is up

    known = everything()
    extensions = ",".join(sorted(extension.removeprefix(".") for extension in known.by_extension))
    return [types.FileSystemWatcher(pattern) for pattern in (f"**/*.{{{extensions}}}", *_OWN_FILES)]
