"""`copilot-lsp config`: which settings are in effect for a folder, and where each comes from."""

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from copilot_lsp.cli.command import FOUND, OK, Command
from copilot_lsp.cli.options import add_json, add_settings, settings_of
from copilot_lsp.core.settings import flatten


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", type=Path, default=Path(), metavar="PATH", help="workspace folder (here)")
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of all settings")
    parser.add_argument("--all", action="store_true", help="also show the settings that have their default")
    add_json(parser)
    add_settings(parser)


def _run(args: Namespace) -> int:
    from copilot_lsp.app.paths import user_paths
    from copilot_lsp.app.settings import Settings, Sources

    if args.schema:
        print(json.dumps(Settings.model_json_schema(), indent=2))
        return OK
    paths = user_paths()
    sources = Sources.read(settings_of(args), paths)
    found = sources.explain({}, args.path.absolute())
    values = flatten(found.settings.model_dump(mode="json"))
    rows: dict[str, dict[str, Any]] = {
        key: {"value": value, "source": _source(key, found.origin)} for key, value in values.items()
    }
    if args.json:
        print(json.dumps({"settings": rows, "problems": found.problems, "user_file": sources.user.name}, indent=2))
    else:
        _show(rows, sources.user.name, everything=args.all)
    for problem in found.problems:
        print(f"copilot-lsp: {problem}", file=sys.stderr)
    return FOUND if found.problems else OK


def _source(key: str, origin: dict[str, str]) -> str:
    return next((name for path, name in origin.items() if key == path or key.startswith(f"{path}.")), "default")


def _show(rows: dict[str, dict[str, Any]], user_file: str, *, everything: bool) -> None:
    shown = {key: row for key, row in rows.items() if everything or row["source"] != "default"}
    width = max((len(key) for key in shown), default=0)
    for key, row in shown.items():
        print(f"{key:{width}}  {json.dumps(row['value'])}  ({row['source']})")
    if not shown:
        print("Every setting has its default; --all shows them.")
    print(f"Your own settings go to {user_file}.")


COMMAND = Command("config", "Show the settings in effect and where each comes from", _arguments, _run)
