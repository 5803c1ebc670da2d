"""`copilot-lsp index`: build or refresh the index of a folder now instead of in the background of an editor."""

import asyncio
import json
import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from copilot_lsp.cli.command import OK, Command
from copilot_lsp.cli.options import add_json, add_settings
from copilot_lsp.cli.workspace import folder_of, opened


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", type=Path, default=Path(), metavar="PATH", help="workspace folder (here)")
    add_json(parser)
    add_settings(parser)


def _run(args: Namespace) -> int:
    return asyncio.run(_index(folder_of(args.path), args))


async def _index(root: Path, args: Namespace) -> int:
    began = time.monotonic()
    async with opened(root, args, fresh=True) as found:
        status, seconds = found.project.index.status, time.monotonic() - began
        if args.json:
            row = {
                "root": str(root),
                "files": status.files,
                "bytes": status.bytes,
                "skipped": dict(status.skipped),
                "seconds": round(seconds, 3),
                "folder": str(found.project.index.folder),
            }
            print(json.dumps(row, indent=2))
            return OK
        print(f"{status.files:,} files, {status.bytes / 1e6:.1f} MB of source, are indexed; it took {seconds:.1f} s.")
        if status.skipped:
            reasons = ", ".join(f"{number} {reason}" for reason, number in sorted(status.skipped.items()))
            print(f"Left out: {reasons}.")
    return OK


COMMAND = Command("index", "Index a workspace now", _arguments, _run)
