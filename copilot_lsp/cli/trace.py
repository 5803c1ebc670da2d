"""`copilot-lsp trace list`: what the agents of running servers decided lately, and why."""

import json
import sys
import time
from argparse import ArgumentParser, Namespace
from typing import Any

from copilot_lsp.cli.command import OK, Command
from copilot_lsp.cli.options import add_json


def _arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser(
        "list", help="the newest decisions, newest last", description="The newest decisions, newest last."
    )
    listing.add_argument("--limit", "-n", type=int, default=20, metavar="N", help="how many (20)")
    listing.add_argument("--agent", metavar="NAME", help="only those of one agent")
    add_json(listing)
    listing.set_defaults(run=_list)


def _list(args: Namespace) -> int:
    from copilot_lsp.app.paths import user_paths
    from copilot_lsp.side.client import ServerSilent, ask
    from copilot_lsp.side.discovery import servers

    running = servers(user_paths().state / "servers")
    rows: list[dict[str, Any]] = []
    for server in running:
        try:
            answer = ask(server, "/decisions?limit=10000")
            rows += [{"pid": server.pid, **row} for row in answer["decisions"]]
        except ServerSilent as error:
            print(f"copilot-lsp: {error}", file=sys.stderr)
    chosen = sorted(
        (row for row in rows if args.agent is None or row["agent"] == args.agent), key=lambda row: row["at"]
    )[-max(1, args.limit) :]
    if args.json:
        print(json.dumps(chosen, indent=2))
    elif chosen:
        _table(chosen)
    else:
        print("No server of yours is running." if not running else "No decision was made yet.")
    return OK


def _table(rows: list[dict[str, Any]]) -> None:
    print(f"{'time':8}  {'agent':10}  {'choice':24}  {'sure':>4}  {'tokens':>6}  {'ms':>7}  reason")
    for row in rows:
        at = time.strftime("%H:%M:%S", time.localtime(row["at"]))
        others = f" (not {', '.join(row['alternatives'])})" if row["alternatives"] else ""
        print(
            f"{at:8}  {row['agent']:10}  {row['choice']:24}  {row['confidence']:4.0%}  {row['tokens']:6}  "
            f"{row['seconds'] * 1000:7.1f}  {row['reason']}{others}"
        )


def _run(args: Namespace) -> int:
    raise AssertionError("argparse requires an action")


COMMAND = Command("trace", "Show what the agents of running servers decided, and why", _arguments, _run)
