"""A real llama.cpp server with a model of random weights, and a recorder in front of it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import copilot_lsp
from bench.processes import ROOT
from copilot_lsp.cli.editor import Editor

CONTEXT = 8192
# One that no server is told by, so that its family is found out by its tokens.
NAME = "random"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A running server. `url` leads through the recorder, `file` is what that writes."""

    url: str
    file: Path

    def exchanges(self) -> list[dict[str, Any]]:
        """What has been recorded so far."""
        written = self.file.read_text(encoding="utf-8")
        # The last line may be half written: a prompt is longer than what is written at once.
        return [json.loads(line) for line in written[: written.rfind("\n") + 1].splitlines()]


def furnished(home: Path, llama: Recorded, *settings: str) -> Path:
    """Settings that name the server, in an empty home, and a workspace: the source of our own package."""
    lines = [
        *settings,
        'providers.local_ollama = ""',
        f'providers.endpoints.llama.url = "{llama.url}"',
    ]
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text("\n".join(lines), encoding="utf-8")
    shutil.copytree(Path(copilot_lsp.__file__).parent, home / "work", ignore=shutil.ignore_patterns("__pycache__"))
    return home / "work"


async def ready(editor: Editor) -> None:
    """Wait until the model is known and the workspace is indexed."""
    await editor.hear("window/logMessage", lambda one: NAME in one["message"])
    await editor.hear("$/progress", lambda one: one["value"]["kind"] == "end", within=120)


@contextmanager
def recorded_llama(*, dim: int = 64, layers: int = 2) -> Generator[Recorded]:
    """A server whose model is as large as that, its tokens are bytes. The tests' own server and model."""
    sys.path.insert(0, str(ROOT / "tests"))
    from servers.llama import LlamaServer  # pyright: ignore[reportMissingImports]
    from servers.random_gguf import write  # pyright: ignore[reportMissingImports]

    with TemporaryDirectory(prefix="copilot-lsp-bench-") as folder:
        model = write(Path(folder) / "random.gguf", dim=dim, layers=layers, attention=0.4)
        server = LlamaServer(model, name=NAME, context=CONTEXT).start()
        file = Path(folder) / "exchanges"
        file.touch()
        command = [sys.executable, str(ROOT / "bench" / "servers" / "recorder.py"), str(server.port), str(file)]
        recorder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert recorder.stdin is not None
        assert recorder.stdout is not None
        try:
            port = int(recorder.stdout.readline())
            yield Recorded(f"http://127.0.0.1:{port}", file)
        finally:
            recorder.kill()
            recorder.communicate()
            server.kill()
