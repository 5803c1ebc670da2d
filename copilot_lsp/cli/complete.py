"""`copilot-lsp complete`: what an editor would show as ghost text at one place of a file."""

import asyncio
import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

from copilot_lsp.cli.command import FOUND, OK, Command
from copilot_lsp.cli.options import add_json, add_settings
from copilot_lsp.cli.workspace import folder_of, opened, text_of
from copilot_lsp.core.document import Document, document
from copilot_lsp.core.printable import printable
from copilot_lsp.core.text import Position


class _Place(NamedTuple):
    file: Path
    position: Position


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "place", type=_place, metavar="FILE:LINE:COL", help="where the cursor is, both counted from 1 as editors do"
    )
    parser.add_argument("--path", type=Path, metavar="PATH", help="workspace folder (the nearest project folder)")
    add_json(parser)
    add_settings(parser)


def _run(args: Namespace) -> int:
    from copilot_lsp.app.runtime import workspace_of

    subject = _read(args.place.file.resolve())
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


def _read(file: Path) -> Document:
    from copilot_lsp.syntax import languages

    text = text_of(file)
    return document(file.as_uri(), text, languages.detect(str(file), text.partition("\n")[0]) or "plaintext")


def _place(text: str) -> _Place:
    try:
        name, line, column = text.rsplit(":", 2)
        if not name or int(line) < 1 or int(column) < 1:
            raise ValueError
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not of the form FILE:LINE:COL with numbers from 1") from None
    return _Place(Path(name), Position(int(line) - 1, int(column) - 1))


COMMAND = Command(
    "complete",
    "Complete the code at one place of a file",
    _arguments,
    _run,
    "Exit code 1 when nothing fits there.",
)
