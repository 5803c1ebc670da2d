"""The command line itself: versions, help, wrong use, exit codes."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from copilot_lsp import __version__
from copilot_lsp.cli.document import commands_page
from copilot_lsp.cli.main import COMMANDS

Run = Callable[..., tuple[int, str, str]]
HEAVY = ("asyncio", "pygls", "lsprotocol", "pydantic", "numpy", "tree_sitter", "apsw", "httpx2", "starlette", "psutil")


def python(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], check=False, capture_output=True, text=True, timeout=60, **options
    )


def test_the_version_is_told_without_importing_anything() -> None:
    done = python("-X", "importtime", "-m", "copilot_lsp", "--version")
    assert (done.returncode, done.stdout) == (0, f"copilot-lsp {__version__}\n")
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not imported & {"argparse", "copilot_lsp.cli", *HEAVY}


@pytest.mark.skipif(os.name != "posix", reason="CPU time of children is measured through POSIX")
def test_the_version_costs_less_than_a_tenth_of_a_second() -> None:
    import resource

    def cost() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        python("-m", "copilot_lsp", "--version", env={k: v for k, v in os.environ.items() if "COVERAGE" not in k})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(cost() for _ in range(3)) < 0.1


def test_help_lists_every_command_and_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom copilot_lsp.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print([name for name in sys.modules if name in sys.argv[1:]])"
    )
    done = python("-c", code, *(name for name in HEAVY if name != "asyncio"))
    assert done.returncode == 0, done.stderr
    assert all(f"  {name} " in done.stdout for name in COMMANDS)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(run: Run, name: str) -> None:
    code, out, _ = run(name, "--help")
    assert code == 0
    assert out.startswith(f"usage: copilot-lsp {name}")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["nonsense"],
        ["check", "--nonsense"],
        ["trace"],
        ["complete", "x.py"],
        ["complete", "x.py:0:1"],
        ["complete", ":1:1"],
        ["--set", "novalue"],
        ["--log-level", "loud"],
        ["serve", "--port", "x"],
    ],
)
def test_wrong_use_is_exit_code_2_with_the_usage(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: copilot-lsp")


def test_the_documentation_is_what_the_parsers_say() -> None:
    page = Path(__file__).parents[3] / "docs" / "commands.md"
    assert page.read_text(encoding="utf-8") == commands_page(), (
        "run: python -m copilot_lsp.cli.document > docs/commands.md"
    )


@pytest.mark.parametrize(("error", "expected"), [(RuntimeError("boom"), 3), (KeyboardInterrupt(), 130)])
def test_a_defect_and_an_interruption_have_their_own_codes(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, expected: int
) -> None:
    def fail() -> str:
        raise error

    monkeypatch.setattr("platform.python_version", fail)
    code, _, err = run("version")
    assert code == expected
    assert ("this is a defect" in err) == (expected == 3)


def test_a_reader_that_goes_away_is_no_error(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "copilot_lsp", "config", "--schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (0, b"")


def test_nothing_of_the_current_folder_is_imported(home: Path, tmp_path: Path) -> None:
    for name in ("json", "http", "argparse", "tomllib", "pydantic", "copilot_lsp_plugin"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported from the workspace')")
    done = python("-m", "copilot_lsp", "config", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
