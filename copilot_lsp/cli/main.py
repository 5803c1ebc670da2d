"""Which command a command line means, and how its outcome becomes an exit code."""

import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module
from typing import TypeVar, cast

from copilot_lsp import __version__
from copilot_lsp.cli.command import INTERNAL, OK, UNUSABLE, Command

_MODULES = {
    "serve": "serve",
    "demo": "demo.command",
    "index": "index",
    "search": "search",
    "complete": "complete",
    "context": "context",
    "check": "check",
    "trace": "trace",
    "stats": "stats",
    "trust": "trust",
    "doctor": "doctor.command",
    "config": "config",
    "version": "version",
}
COMMANDS = tuple(_MODULES)
_DESCRIPTION = "A local, private code assistant that every editor can talk to."
_ALONE = "Without a command it is a language server on standard input and output, as editors start it."
P = TypeVar("P", bound=ArgumentParser)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; the answer is the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Only the module of the command that is meant is imported: an editor waits for the language server to start.
    if given and given[0] in _MODULES:
        made, given = parser(command(given[0]), ArgumentParser), given[1:]
    else:
        made = server_parser()
        if given and not given[0].startswith("-"):
            made.error(f"there is no command {given[0]!r}; there are {', '.join(COMMANDS)}")
    return _guarded(made.parse_args(given))


def command(name: str) -> Command:
    """A command by name."""
    return cast("Command", import_module(f"copilot_lsp.cli.{_MODULES[name]}").COMMAND)


def parser(one: Command, kind: type[P]) -> P:
    """The parser of one command."""
    made = kind(f"copilot-lsp {one.name}", description=f"{one.summary}.", epilog=one.details, allow_abbrev=False)
    one.arguments(made)
    made.set_defaults(run=one.run)
    return made


def server_parser() -> ArgumentParser:
    """The parser of a command line that names no command; its help lists the commands."""
    from copilot_lsp.cli.stdio import COMMAND as STDIO

    made = _ServerParser(
        "copilot-lsp",
        description=f"{_DESCRIPTION}\n{_ALONE}",
        usage="copilot-lsp [options]\n       copilot-lsp COMMAND [options]",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--version", action="version", version=f"copilot-lsp {__version__}")
    STDIO.arguments(made)
    made.set_defaults(run=STDIO.run)
    return made


class _ServerParser(ArgumentParser):
    """Imports the commands only when somebody asks for help."""

    def format_help(self) -> str:
        commands = "\n".join(f"  {name:10} {command(name).summary}" for name in COMMANDS)
        return f"{super().format_help()}\ncommands (each has its own --help):\n{commands}\n"


def _guarded(args: Namespace) -> int:
    from copilot_lsp.core.errors import CopilotLspError
    from copilot_lsp.core.printable import printable

    try:
        code = args.run(args)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # The reader of our output (`head`, a pager) has seen enough. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except CopilotLspError as error:
        print(f"copilot-lsp: {printable(str(error))}", file=sys.stderr)
        return UNUSABLE
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"copilot-lsp: {printable(where)}{error.strerror or error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        return 130
    except Exception:  # noqa: BLE001 - Python's own exit code for this is 1, which means "found something" here
        import traceback

        traceback.print_exc()
        print("copilot-lsp: this is a defect; please report it with the lines above", file=sys.stderr)
        return INTERNAL
