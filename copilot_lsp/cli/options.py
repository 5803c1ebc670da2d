"""The options that several commands share."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import Any


def add_logging(parser: ArgumentParser) -> None:
    """Where log lines go."""
    parser.add_argument("--log-file", type=Path, metavar="FILE", help="write JSON log lines to FILE")
    parser.add_argument(
        "--log-level", choices=("debug", "info", "warning", "error"), help="least important line to write (info)"
    )
    parser.add_argument("-v", "--verbose", action="count", default=0, help="more on standard error; -vv: everything")


def add_settings(parser: ArgumentParser) -> None:
    """Settings for this run."""
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        type=_assignment,
        metavar="KEY=VALUE",
        help="a setting for this run, such as completion.max_tokens=64; may be repeated",
    )


def add_json(parser: ArgumentParser) -> None:
    """Output for programs."""
    parser.add_argument("--json", action="store_true", help="print JSON for a program to read")


def settings_of(args: Namespace) -> dict[str, Any]:
    """The settings that a command line sets, under dotted keys."""
    settings: dict[str, Any] = dict(args.settings)
    if getattr(args, "log_file", None) is not None:
        settings["telemetry.log_file"] = str(args.log_file.absolute())
    if getattr(args, "log_level", None) is not None:
        settings["telemetry.log_level"] = args.log_level
    return settings


def start_logging(args: Namespace) -> None:
    """Log as the command line says, before any settings are read."""
    from copilot_lsp.telemetry import logs

    screen = ("warning", "info", "debug")[min(int(args.verbose), 2)]
    logs.setup(args.log_level or "info", stderr=screen, file=args.log_file)


def _assignment(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise ArgumentTypeError(f"{text!r} is not of the form KEY=VALUE")
    return key.strip(), value
