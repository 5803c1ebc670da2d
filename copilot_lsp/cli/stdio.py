"""The command without a name: a language server on standard input and output, as editors start it."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace

from copilot_lsp.cli.command import Command
from copilot_lsp.cli.options import add_logging, add_settings, settings_of, start_logging

_HINT = """This is a language server: an editor starts it and speaks to it here; Ctrl-C ends it.
Try `copilot-lsp demo` to watch it work, `copilot-lsp doctor` to set it up, `copilot-lsp --help` for the rest."""


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--stdio", action="store_true", help="be a language server on standard input and output")
    # Clients of vscode-languageclient add it to every server they start; `initialize` says the same.
    parser.add_argument("--clientProcessId", type=int, metavar="PID", help="accepted from editors that pass it")
    add_settings(parser)
    add_logging(parser)


def _run(args: Namespace) -> int:
    if sys.stdin is not None and sys.stdin.isatty():
        print(_HINT, file=sys.stderr)
    # The logs are ours before anything is imported that may write to standard output or error.
    start_logging(args)
    from copilot_lsp.app.runtime import Runtime
    from copilot_lsp.lsp.stdio import stdio

    return asyncio.run(stdio(Runtime(settings_of(args))))


COMMAND = Command("stdio", "Be a language server on standard input and output", _arguments, _run)
