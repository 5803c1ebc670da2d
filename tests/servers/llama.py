"""A real llama.cpp server as a child process that a test may kill and start again."""

import socket
import subprocess
import sys
from pathlib import Path
from typing import Self

CHILD = Path(__file__).with_name("llama_child.py")


class LlamaServer:
    """llama.cpp's own HTTP server. `kill` is what a crash looks like; `start` brings it back on the same port."""

    def __init__(
        self,
        model: Path,
        *,
        name: str = "qwen2.5-coder-random",
        key: str = "",
        vectors: bool = False,
        context: int = 4096,
        slots: int = 1,
    ) -> None:
        self.name = name
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = model.with_name(f"llama-{self.port}.log")
        self._command = [sys.executable, str(CHILD), str(model), "--port", str(self.port), "--name", name]
        self._command += ["--context", str(context), "--slots", str(slots)]
        self._command += ["--key", key] if key else []
        self._command += ["--vectors"] if vectors else []
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    def start(self) -> Self:
        """Start it, and return when it answers (0.3 s)."""
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, bufsize=0
            )
        assert self._child.stdout is not None
        for line in self._child.stdout:
            if line.startswith(b"ready"):
                return self
        raise RuntimeError(f"llama.cpp's server did not start; see {self.log}")

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        if self._child is None:
            return
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                pipe.close()
        self._child = None


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
