"""How commands open the workspace that they work on, with its settings and with progress on the terminal."""

import sys
from argparse import Namespace
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from copilot_lsp.cli.bar import Bar
from copilot_lsp.cli.options import settings_of
from copilot_lsp.core.errors import CopilotLspError, SettingsError

if TYPE_CHECKING:
    from copilot_lsp.agents.projects import Progress
    from copilot_lsp.app.settings import Settings
    from copilot_lsp.app.single import Single


def folder_of(path: Path) -> Path:
    """A workspace folder that was named on the command line. Raises SettingsError when it is none."""
    if not path.is_dir():
        raise SettingsError(f"{path} is not a folder")
    return path.resolve()


def text_of(file: Path, largest: int = 50_000_000) -> str:
    """The text of a file that was named on the command line. Raises Unreadable."""
    from copilot_lsp.index.source import NotIndexed, read_source

    try:
        return read_source(file.resolve(), largest).text
    except NotIndexed as error:
        reason = {"vanished": "it does not exist", "special": "it is no file"}.get(str(error), f"it is {error}")
        raise Unreadable(f"{file} cannot be read: {reason}") from None


class Unreadable(CopilotLspError):
    """A file that was named cannot be used; the message says why."""


def settings_for(root: Path, args: Namespace) -> "Settings":
    """The settings for a workspace; what is wrong with them goes to standard error."""
    from copilot_lsp.app.single import settings_at

    settings, problems = settings_at(root, settings_of(args))
    for problem in problems:
        print(f"copilot-lsp: {problem}", file=sys.stderr)
    return settings


@asynccontextmanager
async def opened(root: Path, args: Namespace, *, fresh: bool) -> AsyncGenerator["Single"]:
    """The workspace, indexed: if `fresh` as it is now, else as it was last time, if ever. Raises CopilotLspError.

    Progress is drawn on standard error.
    """
    from copilot_lsp.app.single import single
    from copilot_lsp.telemetry import logs

    logs.setup()
    bar = Bar()

    def listen(progress: "Progress | None") -> None:
        if progress is None:
            bar.clear()
        else:
            bar.show(progress.message, progress.percent)

    async with single(root, settings_for(root, args), listen) as found:
        try:
            if fresh or not await found.indexed_before():
                await found.prepared()
        finally:
            bar.clear()
        yield found
