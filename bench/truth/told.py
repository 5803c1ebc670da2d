"""Who tells what names mean, by language, and what was told before."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

from platformdirs import user_cache_path

from bench.truth.use import Place, Use

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_SECONDS = 900
# The last one whose compiler is a library; later ones are a program.
_TYPESCRIPT = "typescript@5.9.3"


def told(root: Path, language: str, count: int, seed: int) -> list[Use]:
    """Uses of names that other files of a tree define, at random lines. Kept in the user's cache folder once told."""
    kept = user_cache_path("copilot-lsp") / "bench" / "truth" / f"{root.name}-{language}-{count}-{seed}.jsonl"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        lines = _TELLERS[language](root, count, seed)
        kept.with_suffix(".part").write_text("\n".join(lines), "utf-8")
        kept.with_suffix(".part").rename(kept)
    return [_use(line) for line in kept.read_text("utf-8").splitlines() if line]


def _jedi(root: Path, count: int, seed: int) -> list[str]:
    return _run([sys.executable, "-m", "bench.truth.python", str(root), str(count), str(seed)])


def _go(root: Path, count: int, seed: int) -> list[str]:
    return _some(_run(["go", "run", str(_HERE / "go" / "uses.go"), str(root)]), count, seed)


def _javac(root: Path, count: int, seed: int) -> list[str]:
    return _some(_run(["java", str(_HERE / "java" / "Uses.java"), str(root)]), count, seed)


def _typescript(root: Path, count: int, seed: int) -> list[str]:
    folder = user_cache_path("copilot-lsp") / "bench" / "compilers"
    if not (folder / "node_modules").exists():
        folder.mkdir(parents=True, exist_ok=True)
        _run(["npm", "install", "--silent", "--prefix", str(folder), _TYPESCRIPT])
    compiler = folder / "node_modules" / "typescript"
    return _some(_run(["node", str(_HERE / "typescript" / "uses.cjs"), str(compiler), str(root)]), count, seed)


_TELLERS = {"python": _jedi, "go": _go, "java": _javac, "typescript": _typescript}
LANGUAGES = tuple(_TELLERS)


def _run(command: list[str]) -> list[str]:
    program = shutil.which(command[0])
    if program is None:
        raise FileNotFoundError(f"{command[0]} is needed to tell what names mean; install it")
    run = [program, *command[1:]]
    # Compilers say on standard error what a package lacks, which does not matter here.
    done = subprocess.run(
        run, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=_SECONDS, cwd=_ROOT
    )
    return done.stdout.splitlines()


def _some(rows: list[str], count: int, seed: int) -> list[str]:
    """About so many uses: all those of lines that are as likely as any other."""
    by_line: dict[tuple[str, int], list[str]] = {}
    for row in sorted(set(rows)):
        path, line, _ = json.loads(row)["place"]
        by_line.setdefault((path, line), []).append(row)
    lines = sorted(by_line)
    random.Random(seed).shuffle(lines)
    chosen: list[str] = []
    for line in lines:
        if len(chosen) >= count:
            break
        chosen += by_line[line]
    return chosen


def _use(line: str) -> Use:
    row = json.loads(line)
    return Use(row["name"], Place(*row["place"]), tuple(Place(*one) for one in row["targets"]), row["kind"])
