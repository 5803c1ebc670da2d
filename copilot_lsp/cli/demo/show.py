"""The demo from start to end: a real server as a child, an editor on it, and the figures at the end."""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from statistics import quantiles
from typing import Any

import copilot_lsp
from copilot_lsp.cli.command import INTERNAL, OK, UNUSABLE
from copilot_lsp.cli.connection import ServerError, ServerGone
from copilot_lsp.cli.demo.play import Stage, perform
from copilot_lsp.cli.demo.scenes import Scene, Source, scenes, sources
from copilot_lsp.cli.demo.screen import Screen, duration, screen
from copilot_lsp.cli.editor import Editor, spawned
from copilot_lsp.side.client import ServerSilent, ask
from copilot_lsp.side.discovery import servers

_SERVER = (sys.executable, "-P", "-m", "copilot_lsp", "--stdio")


def show(folder: Path | None = None, *, fast: bool = False, home: Path | None = None) -> int:
    """Play the demo on a folder, by default on the program's own source; the exit code says whether it worked.

    The server keeps its files in `home`, by default a temporary folder; nothing is written to the folder that is shown.
    """
    stage = screen(sys.stdout, fast=fast)
    place = (folder or Path(copilot_lsp.__file__).parent).resolve()
    chosen = sources(place)
    acts = scenes(chosen)
    if acts is None:
        stage.say(f"{place} has no source files with functions of a length to retype; try another folder", "error")
        return UNUSABLE
    if home is not None:
        home.mkdir(parents=True, exist_ok=True)
        return asyncio.run(_show(stage, place, chosen, acts, home.absolute()))
    with tempfile.TemporaryDirectory(prefix="copilot-lsp-demo-", ignore_cleanup_errors=True) as scratch:
        return asyncio.run(_show(stage, place, chosen, acts, Path(scratch)))


async def _show(shown: Screen, folder: Path, chosen: list[Source], acts: tuple[Scene, Scene], home: Path) -> int:
    shown.say(f"copilot-lsp {copilot_lsp.__version__} on {folder}", "strong")
    shown.say("  a real server, a played editor; nothing is written to that folder", "faint")
    log = home / "server.log"
    with log.open("wb") as errors:
        try:
            async with spawned(_SERVER, env={**os.environ, "COPILOT_LSP_HOME": str(home)}, errors=errors) as editor:
                return await _session(shown, folder, chosen, acts, home, editor)
        except (ServerGone, ServerError, TimeoutError) as error:
            shown.clear_line()
            shown.say(f"  the demo ends here: {error or 'the server did not answer in time'}", "error")
            shown.say(log.read_text(encoding="utf-8", errors="replace")[-2000:], "faint")
            return INTERNAL


async def _session(
    shown: Screen, folder: Path, chosen: list[Source], acts: tuple[Scene, Scene], home: Path, editor: Editor
) -> int:
    shown.step("Start")
    begun = time.monotonic()
    await editor.initialize(folder)
    shown.took("the server answered", time.monotonic() - begun)
    stage = Stage(shown, editor, folder, chosen, begun)
    await perform(stage, *acts)
    await _figures(stage, await asyncio.to_thread(read_status, home))
    code = await editor.leave()
    shown.say()
    if code or not any(take.filled for take in stage.takes):
        shown.say(f"The demo failed: no ghost text, or the server ended with {code}.", "error")
        return INTERNAL
    shown.say("Use it in your editor: README.md has the lines for each.", "strong")
    return OK


async def _figures(stage: Stage, status: Mapping[str, Any]) -> None:
    shown = stage.screen
    shown.step("Figures")
    filled = [seconds for take in stage.takes for seconds in take.filled]
    empty = [seconds for take in stage.takes for seconds in take.empty]
    for label, values in (("ghost text", filled), ("empty answers", empty)):
        if len(values) > 1:
            cuts = quantiles(values, n=20, method="inclusive")
            shown.say(f"  {label:14} {len(values):4}   p50 {duration(cuts[9]):>8}   p95 {duration(cuts[18]):>8}")
    for index in status.get("indexes", []):
        shown.say(f"  {'index':14} {index['files']:4} files, {index['bytes'] / 1e6:.1f} MB of source")
    if models := status.get("models"):
        shown.say(f"  {'model':14} {models}")


def read_status(home: Path) -> Mapping[str, Any]:
    """What the server says about itself on its side port; empty when it has none or does not answer."""
    for server in servers(home / "state" / "servers"):
        with suppress(ServerSilent):
            return ask(server, "/status")
    return {}
