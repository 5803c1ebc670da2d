"""`copilot-lsp context`: what a model would be shown of the workspace at one place of a file, and why."""

import asyncio
import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from copilot_lsp.cli.command import FOUND, OK, Command
from copilot_lsp.cli.options import add_json, add_settings
from copilot_lsp.cli.place import add_place, document_of
from copilot_lsp.cli.workspace import folder_of, opened
from copilot_lsp.core.document import Document
from copilot_lsp.core.printable import printable

if TYPE_CHECKING:
    from copilot_lsp.core.fill import Chunk

_TOKENS = 2_000


def _arguments(parser: ArgumentParser) -> None:
    add_place(parser)
    parser.add_argument(
        "--tokens", type=int, default=_TOKENS, metavar="N", help=f"how many tokens there is room for ({_TOKENS})"
    )
    add_json(parser)
    add_settings(parser)


def _run(args: Namespace) -> int:
    from copilot_lsp.app.runtime import workspace_of

    file = args.place.file.resolve()
    subject = document_of(file)
    return asyncio.run(_context(folder_of(args.path or workspace_of(file)), subject, args))


async def _context(root: Path, subject: Document, args: Namespace) -> int:
    async with opened(root, args, fresh=False) as found, found.view(subject) as view:
        from copilot_lsp.agents.context import gather

        chunks = await gather(view, args.place.position, tokens=args.tokens)
    if args.json:
        print(json.dumps([asdict(chunk) for chunk in chunks], indent=2))
    else:
        print("\n\n".join(_shown(chunk) for chunk in chunks) or "Nothing in the workspace bears on that place.")
    return OK if chunks else FOUND


def _shown(chunk: "Chunk") -> str:
    title = f"{chunk.path}:{chunk.span.start.line + 1}  {chunk.name}  ({chunk.score:.2f}: {chunk.reason})"
    return printable("\n".join([title, *(f"    {line}" for line in chunk.text.rstrip().splitlines())]))


COMMAND = Command(
    "context",
    "Show what a model is given of a workspace for one place of a file",
    _arguments,
    _run,
    "The number before a reason is the estimated chance that the code there needs something of the piece. "
    "Exit code 1 when nothing is found.",
)
