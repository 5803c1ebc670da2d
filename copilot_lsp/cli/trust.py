"""`copilot-lsp trust`: let a workspace's file set sensitive settings, as it sets them now."""

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from copilot_lsp.cli.command import OK, UNUSABLE, Command
from copilot_lsp.core.printable import printable_line

_DETAILS = """Some settings of a project's file could send your code elsewhere or run commands. They count only when you
have trusted the folder; when one of them changes, the trust is void and you are asked again."""


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", nargs="?", type=Path, default=Path(), metavar="PATH", help="workspace folder (here)")
    parser.add_argument("--yes", "-y", action="store_true", help="do not ask")
    parser.add_argument("--remove", action="store_true", help="trust the folder no longer")


def _run(args: Namespace) -> int:
    from copilot_lsp.app.paths import user_paths
    from copilot_lsp.app.settings import sensitive_keys
    from copilot_lsp.app.settings_files import project_table
    from copilot_lsp.app.trust import Trust, sensitive_values

    root = args.path.resolve()
    trust = Trust(user_paths().state)
    if args.remove:
        print(f"{root} is trusted no longer." if trust.take(root) else f"{root} was not trusted.")
        return OK
    if not root.is_dir():
        print(f"copilot-lsp: {root} is not a folder", file=sys.stderr)
        return UNUSABLE
    table = project_table(root)
    if table.problem:
        print(f"copilot-lsp: {table.problem}", file=sys.stderr)
        return UNUSABLE
    values = sensitive_values(table.values, sensitive_keys())
    if not values:
        print(f"{root} sets nothing that needs trust.")
        return OK
    if trust.holds(root, values):
        print(f"{root} is trusted already with what it sets.")
        return OK
    print(f"{table.name} sets:")
    for key, value in sorted(values.items()):
        print(f"  {printable_line(key)} = {json.dumps(value, default=str)}")
    if not args.yes and not _agreed():
        print("Nothing was changed.")
        return UNUSABLE
    trust.give(root, values)
    print(f"{root} is trusted with these values.")
    return OK


def _agreed() -> bool:
    if not sys.stdin.isatty():
        print("copilot-lsp: run it in a terminal, or with --yes", file=sys.stderr)
        return False
    return input("Trust this folder with these values? [y/N] ").strip().lower() in ("y", "yes")


COMMAND = Command("trust", "Let a workspace set sensitive settings, as it sets them now", _arguments, _run, _DETAILS)
