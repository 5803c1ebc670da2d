"""`copilot-lsp version`: which version this is, and on what it runs."""

import json
import platform
import sys
from argparse import ArgumentParser, Namespace
from importlib.metadata import PackageNotFoundError, version

from copilot_lsp import __version__
from copilot_lsp.cli.command import OK, Command
from copilot_lsp.cli.options import add_json

# The libraries whose versions decide most of what a bug report is about.
_LIBRARIES = ("pygls", "lsprotocol", "tree-sitter", "apsw", "sqlite-vec", "numpy", "httpx2")


def _run(args: Namespace) -> int:
    facts = {
        "copilot-lsp": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "executable": sys.executable,
        **{name: _version(name) for name in _LIBRARIES},
    }
    if args.json:
        print(json.dumps(facts, indent=2))
    else:
        print("\n".join(f"{name:12} {value}" for name, value in facts.items()))
    return OK


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _arguments(parser: ArgumentParser) -> None:
    add_json(parser)


COMMAND = Command("version", "Show the version and what it runs on", _arguments, _run)
