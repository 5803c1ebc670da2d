"""Does `copilot-lsp demo` play through on the program's own source, with an answer to everything it asks?"""

import os
import subprocess
import sys
from pathlib import Path


def demo(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "copilot_lsp", "demo", "--fast", *map(str, arguments)]
    environment = {**os.environ, "COPILOT_LSP_PROVIDERS__LOCAL_OLLAMA": ""}
    return subprocess.run(
        [*command, "--home", str(home)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        env=environment,
    )


def test_every_step_on_the_own_source_has_an_answer(tmp_path: Path) -> None:
    played = demo(home=tmp_path / "home")
    assert played.returncode == 0, played.stdout + played.stderr
    assert "no answer" not in played.stdout
    assert "\x1b" not in played.stdout, "colours are for terminals"
    for shown in ("ghost texts accepted", "entries", "hover", "diagnostics before: ", "Figures", "index"):
        assert shown in played.stdout


def test_a_folder_without_source_is_said_in_one_sentence(tmp_path: Path) -> None:
    played = demo(tmp_path, home=tmp_path / "home")
    assert played.returncode == 2
    assert "has no source files with functions of a length to retype" in played.stdout


def test_nothing_is_written_to_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    for name, word in (("first", "amount"), ("second", "weight")):
        text = "".join(
            f"def total_{number}(order):\n    result = 0\n    for line in order.lines:\n        result += line.{word}\n"
            "    return result\n\n\n"
            for number in range(3)
        )
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.rglob("*")}
    played = demo(folder, home=tmp_path / "home")
    assert played.returncode == 0, played.stdout + played.stderr
    assert {path: path.read_bytes() for path in folder.rglob("*")} == before
