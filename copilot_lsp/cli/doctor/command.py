"""`copilot-lsp doctor`: what is there, what is wrong, and what to do about it."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from copilot_lsp.cli.command import FOUND, OK, Command
from copilot_lsp.cli.doctor.advice import Advice
from copilot_lsp.cli.options import add_json

_MARKS = {"fine": "  ok ", "hint": "  -> ", "fault": "  !! "}
_COLOURS = {"fine": "32", "hint": "33", "fault": "31"}


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", type=Path, default=Path(), metavar="PATH", help="workspace folder (here)")
    add_json(parser)


def _run(args: Namespace) -> int:
    found: list[Advice] = []
    for advice in _examined(args.path.absolute()):
        found.append(advice)
        if not args.json:
            _show(advice)
    faults = sum(advice.level == "fault" for advice in found)
    if args.json:
        print(json.dumps([asdict(advice) for advice in found], indent=2))
    elif faults:
        print(f"\n{faults} {'fault' if faults == 1 else 'faults'} found.")
    else:
        print("\nNothing is wrong.")
    return FOUND if faults else OK


def _examined(root: Path) -> Iterator[Advice]:
    from copilot_lsp.app.paths import user_paths
    from copilot_lsp.app.single import settings_at
    from copilot_lsp.cli.doctor.editors import editors
    from copilot_lsp.cli.doctor.machine import machine
    from copilot_lsp.cli.doctor.models import models

    yield from machine(user_paths(), root)
    yield from models(settings_at(root, {})[0])
    yield from editors()


def _show(advice: Advice) -> None:
    mark = _MARKS[advice.level]
    if sys.stdout.isatty():
        mark = f"\x1b[{_COLOURS[advice.level]}m{mark}\x1b[0m"
    print(f"{mark}{advice.subject:13} {advice.sentence}", flush=True)
    if advice.command:
        print(f"                   {advice.command}", flush=True)


COMMAND = Command(
    "doctor",
    "Look for editors, model servers and faults, and say what to do",
    _arguments,
    _run,
    "Exit code 1 when something does not work.",
)
