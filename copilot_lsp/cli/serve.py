"""`copilot-lsp serve`: one process for many editors, each connecting to a socket."""

import asyncio
import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from copilot_lsp.cli.command import Command
from copilot_lsp.cli.options import add_logging, add_settings, settings_of, start_logging
from copilot_lsp.core.errors import SettingsError

if TYPE_CHECKING:
    from copilot_lsp.lsp.serve import Address


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--socket", type=Path, metavar="FILE", help="listen on a Unix socket (the default where it can)"
    )
    parser.add_argument("--tcp", action="store_true", help="listen on TCP, on this machine only")
    parser.add_argument("--host", default="127.0.0.1", metavar="HOST", help="loopback address for TCP (127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, metavar="PORT", help="port for TCP; 0: any free one (0)")
    add_settings(parser)
    add_logging(parser)


def _run(args: Namespace) -> int:
    start_logging(args)
    from copilot_lsp.app.runtime import Runtime
    from copilot_lsp.lsp.serve import serve

    runtime = Runtime(settings_of(args), announce=_announce)
    return asyncio.run(serve(runtime, _address(args), _listening))


def _address(args: Namespace) -> "Address":
    if args.tcp and args.socket is not None:
        raise SettingsError("serve listens on a socket or on TCP, not on both: leave out --socket or --tcp")
    if args.tcp or not hasattr(asyncio, "open_unix_connection"):
        return args.host, args.port
    if args.socket is not None:
        return args.socket.absolute()
    from copilot_lsp.app.paths import private_folder, user_paths

    return private_folder(user_paths().state) / "copilot-lsp.sock"


def _listening(address: "Address") -> None:
    shown = address if isinstance(address, Path) else f"{address[0]}:{address[1]}"
    print(f"copilot-lsp (process {os.getpid()}) serves editors at {shown}", flush=True)


def _announce(url: str) -> None:
    print(f"metrics and status are at {url}/status", flush=True)


COMMAND = Command("serve", "Serve many editors from one process, each over its own connection", _arguments, _run)
