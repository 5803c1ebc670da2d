"""The page docs/commands.md, written from the commands' own parsers."""

import sys
from argparse import SUPPRESS, Action, ArgumentParser
from collections.abc import Iterator
from typing import Any, cast

from copilot_lsp.cli.command import Command
from copilot_lsp.cli.main import COMMANDS, command, parser
from copilot_lsp.cli.stdio import COMMAND as STDIO

_INTRODUCTION = """# Commands

Written by `python -m copilot_lsp.cli.document > docs/commands.md`; a test checks it.

`copilot-lsp` without a command is a language server on standard input and output. Exit codes are the same everywhere:
0 it worked, 1 it worked and found something (findings, faults, no answer), 2 it could not be done (wrong use, settings,
files), 3 a defect of copilot-lsp."""


class _Recorder(ArgumentParser):
    """A parser that remembers its arguments: the text of `--help` differs between versions of Python."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.recorded: list[Action] = []
        super().__init__(*args, **options)

    def add_argument(self, *args: Any, **options: Any) -> Action:
        action = super().add_argument(*args, **options)
        self.recorded.append(action)
        return action

    def add_subparsers(self, **options: Any) -> Any:
        action = super().add_subparsers(**options)
        self.recorded.append(action)
        return action


def commands_page() -> str:
    """The page as Markdown."""
    lines = [_INTRODUCTION, *_section("copilot-lsp", STDIO)]
    for name in COMMANDS:
        lines += _section(f"copilot-lsp {name}", command(name))
    return "\n".join([*lines, ""])


def _section(title: str, one: Command) -> Iterator[str]:
    recorder = parser(one, _Recorder)
    yield from ("", f"## {title}", "", f"{one.summary}. {' '.join(one.details.split())}".strip())
    yield from _table(recorder)
    for action in recorder.recorded:
        for name, inner in _nested(action).items():
            yield from ("", f"### {title} {name}", "", inner.description or "")
            yield from _table(inner)


def _nested(action: Action) -> dict[str, _Recorder]:
    """The parsers of the actions of a command that has some, such as `trace list`."""
    choices: Any = action.choices
    return cast("dict[str, _Recorder]", choices) if isinstance(choices, dict) else {}


def _table(recorder: _Recorder) -> Iterator[str]:
    rows = [action for action in recorder.recorded if action.help not in (None, SUPPRESS) and action.dest != "help"]
    if rows:
        yield from ("", "| argument | meaning |", "|---|---|")
        yield from (f"| `{_shown(action)}` | {action.help} |" for action in rows)


def _shown(action: Action) -> str:
    metavar = action.metavar if isinstance(action.metavar, str) else ""
    if not action.option_strings:
        return metavar
    value = f" {metavar or '{' + ','.join(map(str, action.choices)) + '}' if action.choices else metavar}".rstrip()
    return ", ".join(f"{option}{value if option.startswith('--') else ''}" for option in action.option_strings)


if __name__ == "__main__":
    sys.stdout.write(commands_page())
