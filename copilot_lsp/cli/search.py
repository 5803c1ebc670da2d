"""`copilot-lsp search`: which pieces of a workspace fit a question or a piece of code."""

import asyncio
import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from copilot_lsp.cli.command import FOUND, OK, Command
from copilot_lsp.cli.options import add_json, add_settings
from copilot_lsp.cli.workspace import folder_of, opened
from copilot_lsp.core.printable import printable

if TYPE_CHECKING:
    from copilot_lsp.core.fill import Chunk

_LINES = 6


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("query", nargs="+", metavar="QUERY", help="words, names or code")
    parser.add_argument("--path", type=Path, default=Path(), metavar="PATH", help="workspace folder (here)")
    parser.add_argument("--limit", "-n", type=int, default=5, metavar="N", help="how many answers (5)")
    add_json(parser)
    add_settings(parser)


def _run(args: Namespace) -> int:
    return asyncio.run(_search(folder_of(args.path), args))


async def _search(root: Path, args: Namespace) -> int:
    async with opened(root, args, fresh=False) as found:
        from copilot_lsp.index.search import search

        chunks = await search(found.project.index, " ".join(args.query), limit=args.limit)
    if args.json:
        print(json.dumps([asdict(chunk) for chunk in chunks], indent=2))
    else:
        print("\n\n".join(_shown(chunk) for chunk in chunks) or "Nothing fits.")
    return OK if chunks else FOUND


def _shown(chunk: "Chunk") -> str:
    lines = chunk.text.rstrip().splitlines()
    more = [f"    ... {len(lines) - _LINES} more lines"] if len(lines) > _LINES else []
    title = f"{chunk.path}:{chunk.span.start.line + 1}  {chunk.name}  ({chunk.score:.2f}: {chunk.reason})"
    return printable("\n".join([title, *(f"    {line}" for line in lines[:_LINES]), *more]))


COMMAND = Command(
    "search",
    "Find the pieces of a workspace that fit a question or code",
    _arguments,
    _run,
    "Exit code 1 when nothing fits.",
)
