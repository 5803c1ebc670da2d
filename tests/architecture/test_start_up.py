"""Does starting the server import anything that can wait until `initialize` is answered?"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {
    "apsw",
    "httpx2",
    "mcp",
    "numpy",
    "opentelemetry",
    "prometheus_client",
    "pydantic",
    "sqlite_vec",
    "starlette",
    "tree_sitter",
    "uvicorn",
}


@pytest.mark.parametrize("module", ["copilot_lsp.lsp.server", "copilot_lsp.app", "copilot_lsp.__main__"])
def test_start_up_imports_nothing_heavy(module: str) -> None:
    heavy = imported_by(module) & HEAVY
    assert not heavy, f"importing {module} also imports {sorted(heavy)}: import them after initialize, or at first use"


def test_main_imports_no_server() -> None:
    # `--version` and `--help` answer without the LSP stack, which alone costs 300 ms of CPU.
    assert not imported_by("copilot_lsp.__main__") & {"pygls", "lsprotocol", "asyncio"}


def imported_by(module: str) -> set[str]:
    """The top-level packages that importing a module imports, in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-P", "-c", f"import {module}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {match.group(1) for match in re.finditer(r"\|\s+(\w+)[.\w]*\s*$", done.stderr, re.MULTILINE)}
