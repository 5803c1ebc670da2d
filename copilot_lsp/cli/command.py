"""What a command is.

Each `cli/NAME.py` (or `cli/NAME/command.py`) exports `COMMAND`. Such a module imports nothing heavy: `--help` imports
all of them. What a command needs to run is imported in its `run`.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

# Exit codes of every command. FOUND: it worked, and found what it looks for.
OK, FOUND, UNUSABLE, INTERNAL = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Command:
    """`summary` is one line for a list of commands, `arguments` adds to a parser, `run` answers with the exit code.

    `run` may raise `CopilotLspError` or `OSError` with a sentence for the user; that is exit code 2.
    """

    name: str
    summary: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]
    details: str = ""
