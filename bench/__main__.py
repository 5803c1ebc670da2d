"""Run benches by name: `python -m bench [name ...]`; without a name, all of them."""

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from bench.options import Options
from bench.tasks.packages import DEVELOPMENT, HALVES

if TYPE_CHECKING:
    from bench.report import Report

# What is in this folder besides benches.
_FRAME = {"__init__", "__main__", "options", "processes", "report", "spoil", "typist", "workspace"}


def names() -> list[str]:
    """Every bench: one file per operation, each with a function `run(options) -> Report`."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in _FRAME)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of {', '.join(names())}")
    parser.add_argument("--workspace", type=Path, help="a source tree of about 500,000 lines (default: fetched by pip)")
    parser.add_argument("--effort", type=float, default=1.0, help="scale the repetitions; 0.1 for a quick look")
    parser.add_argument("--seed", type=int, default=1, help="which random places are chosen")
    parser.add_argument("--half", choices=HALVES, default=DEVELOPMENT, help="which half of the task sets")
    parser.add_argument("--projects", nargs="+", default=(), help="only these projects of the task sets")
    parser.add_argument("--in-process", action="store_true", help="ask the engine itself and not a server")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a bar is missed")
    given = parser.parse_args()
    if unknown := set(given.names) - set(names()):
        parser.error(f"no bench named {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    projects = tuple(given.projects)
    options = Options(given.workspace, given.effort, given.seed, given.half, projects, given.in_process)
    reports: list[Report] = []
    for name in given.names or names():
        report: Report = import_module(f"bench.{name}").run(options)
        reports.append(report)
        if not given.json:
            print("\n".join(report.lines()), flush=True)
    if given.json:
        json.dump([report.tree() for report in reports], sys.stdout, indent=2)
    missed = any(not bar.met for report in reports for bar in report.bars)
    return 1 if missed and given.strict else 0


if __name__ == "__main__":
    sys.exit(main())
