"""`copilot-lsp complete`: what an editor would show as ghost text at one place of a file."""

import asyncio
import json
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from copilot_lsp.cli.command import FOUND, OK, Command
from copilot_lsp.cli.options import add_json, add_settings
from copilot_lsp.cli.place import add_place, document_of
from copilot_lsp.cli.workspace import folder_of, opened
from copilot_lsp.core.document import Document
from copilot_lsp.core.printable import printable


def _arguments(parser: ArgumentParser) -> None:
    add_place(parser)
    add_json(parser)
    add_settings(parser)


def _run(args: Namespace) -> int:
    from copilot_lsp.app.runtime import workspace_of

    subject = document_of(args.place.file.resolve())
    root = folder_of(args.path or workspace_of(args.place.file.resolve()))
    return asyncio.run(_complete(root, subject, args))


async def _complete(root: Path, subject: Document, args: Namespace) -> int:
    async with opened(root, args, fresh=False) as found, found.view(subject) as view:
        from copilot_lsp.features.inline import inline_completion

        fills = await inline_completion(found.pool, view, args.place.position, automatic=False)
        explained = view.models.explain
    if args.json:
        print(json.dumps({"fills": [asdict(fill) for fill in fills], "models": explained}, indent=2))
    else:
        shown = "\n---\n".join(fill.text for fill in fills) or f"Nothing fits there. {explained}"
        # A script gets the very text; on a terminal nothing in it may act.
        print(printable(shown) if sys.stdout.isatty() else shown)
    return OK if fills else FOUND


COMMAND = Command(
    "complete",
    "Complete the code at one place of a file",
    _arguments,
    _run,
    "Exit code 1 when nothing fits there.",
)
