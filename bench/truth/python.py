"""Uses of names in Python files, resolved by jedi.

Run as a program it prints them as lines of JSON: jedi's memory grows with each file, so it has a process of its own.
"""

import argparse
import json
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import jedi

from bench.truth.use import read_lines

_PER_FILE = 6
# jedi may take minutes for a name in code that computes its classes.
_SECONDS = 8
_NOT_A_PLACE = {"module", "namespace", "keyword", "path"}


class TooSlow(Exception):
    """A name took longer than it is worth."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("count", type=int, help="how many uses")
    parser.add_argument("seed", type=int)
    given = parser.parse_args()
    root = given.root.resolve()
    project = jedi.Project(root, added_sys_path=[str(path) for path in (root / "src", root / "lib") if path.is_dir()])
    signal.signal(signal.SIGALRM, _give_up)
    made = 0
    for path in _files(root, random.Random(given.seed)):
        for row in _uses(root, path, project, random.Random(f"{given.seed} {path}")):
            print(json.dumps(row), flush=True)
            made += 1
        if made >= given.count:
            break
    return 0


def _files(root: Path, chance: random.Random) -> list[Path]:
    found = [path for path in sorted(root.rglob("*.py")) if path.stat().st_size < 400_000]
    chance.shuffle(found)
    return found


def _uses(root: Path, path: Path, project: jedi.Project, chance: random.Random) -> Iterator[dict[str, object]]:
    lines = read_lines(path)
    try:
        script = jedi.Script("\n".join(lines), path=path, project=project)
        names = script.get_names(all_scopes=True, definitions=True, references=True)
    except Exception as error:  # noqa: BLE001 - jedi fails in many ways, and one file more or less does not matter
        print(f"{path}: {error!r}", file=sys.stderr)
        return
    by_line: dict[int, list[jedi.api.classes.Name]] = {}
    for name in names:
        by_line.setdefault(name.line - 1, []).append(name)
    for line in chance.sample(sorted(by_line), min(_PER_FILE, len(by_line))):
        for name in by_line[line]:
            targets = _targets(root, path, name)
            if targets:
                yield {
                    "name": name.name,
                    "place": [path.relative_to(root).as_posix(), line, name.column],
                    "targets": [target for target, _ in targets],
                    "kind": targets[0][1],
                }


def _targets(root: Path, path: Path, name: "jedi.api.classes.Name") -> list[tuple[list[object], str]]:
    """Where jedi says that a name is defined, empty unless that is in other files of the workspace only."""
    signal.alarm(_SECONDS)
    try:
        found = name.goto(follow_imports=True)
    except Exception:  # noqa: BLE001 - what jedi cannot resolve is no truth
        return []
    finally:
        signal.alarm(0)
    targets: list[tuple[list[object], str]] = []
    for one in found:
        where = one.module_path
        inside = where is not None and one.line is not None and where.is_relative_to(root)
        if not inside or where == path or one.type in _NOT_A_PLACE:
            return []
        targets.append(([where.relative_to(root).as_posix(), one.line - 1, one.column], one.type))
    return targets


def _give_up(*_: object) -> None:
    raise TooSlow


if __name__ == "__main__":
    sys.exit(main())
