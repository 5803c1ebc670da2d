"""`copilot-lsp demo`: watch a real editor session on a folder."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from copilot_lsp.cli.command import Command

_DETAILS = """It starts the server as an editor does and types in the folder's files without ever saving them. Every
answer is what the server said at that moment. The server's own files go to a temporary folder."""


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", type=Path, metavar="PATH", help="folder to play on (its own source)")
    parser.add_argument("--fast", action="store_true", help="do not pause for the audience")
    parser.add_argument("--home", type=Path, metavar="FOLDER", help="keep the server's files in FOLDER")


def _run(args: Namespace) -> int:
    from copilot_lsp.cli.demo.show import show

    return show(args.path, fast=args.fast, home=args.home)


COMMAND = Command("demo", "Watch a real editor session on a folder", _arguments, _run, _DETAILS)
