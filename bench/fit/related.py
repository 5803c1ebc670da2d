"""What is each kind of evidence worth? Prints the table of `copilot_lsp/index/worth.py`.

    python -m bench.fit.related [TREE ...]

Trees of Python, and the packages of the development half in other languages. A logistic model of whether a unit of
definitions holds what a hidden line uses, over the strengths of its signs; places where nothing was found do not count.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bench.definitions import Project, holds
from bench.tasks.fetch import fetch
from bench.tasks.packages import DEVELOPMENT, packages
from bench.truth.asking import Asking
from bench.truth.told import LANGUAGES, told
from bench.truth.use import Use
from copilot_lsp.index.outlines import outlines
from copilot_lsp.index.related import reader
from copilot_lsp.index.worth import Unit
from copilot_lsp.syntax import languages

_USES, _SEED = 300, 1
_STEADY = 1.0
_STEPS = 25
Example = tuple[str, dict[str, float], bool]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trees", nargs="*", type=Path)
    given = parser.parse_args()
    projects = [Project(tree.name, tree.resolve(), "python") for tree in given.trees]
    others = [one for one in packages(DEVELOPMENT) if one.language in LANGUAGES and one.language != "python"]
    projects += [Project(one.name, fetch(one), one.language) for one in others]
    by_project = {one.name: list(asyncio.run(_examples(one))) for one in projects}
    weights = fit([example for examples in by_project.values() for place in examples for example in place])
    for name, examples in by_project.items():
        rest = [one for other, places in by_project.items() if other != name for place in places for one in place]
        print(f"# {name}: {share(examples, weights):.3f}, fitted without it {share(examples, fit(rest)):.3f}")
    for kind, weight in sorted(weights.items(), key=lambda entry: -entry[1]):
        print(f'    "{kind}": {weight:.1f},')


async def _examples(project: Project) -> list[list[Example]]:
    """For each use the units that were found there: their base, their signs, and whether they hold the definition."""
    uses = told(project.root, project.language, _USES, _SEED)
    places: list[list[Example]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with Asking.of(project.root, project.language, Path(folder)) as asking:
            for use in uses:
                await asking.hide(use)
                places.append(list(_judged(asking, use)))
    return places


def _judged(asking: Asking, use: Use) -> Iterator[Example]:
    language = languages.get(asking.language)
    with asking.units() as (defined, units):
        for unit in units:
            shown = holds(
                [asking.chunk(unit, part) for part in outlines(defined, unit, language, reader(asking.index, defined))],
                use,
            )
            yield _base(unit), unit.signs, shown


def _base(unit: Unit) -> str:
    return "class" if unit.container else "file"


def fit(examples: Sequence[Example]) -> dict[str, float]:
    """The weights, by Newton's method; steadied so that what is seen rarely has a small one."""
    kinds = sorted({kind for base, signs, _ in examples for kind in (base, *signs)})
    column = {kind: number for number, kind in enumerate(kinds)}
    inputs = np.zeros((len(examples), len(kinds)))
    for row, (base, signs, _) in enumerate(examples):
        inputs[row, column[base]] = 1
        for kind, strength in signs.items():
            inputs[row, column[kind]] = strength
    truth = np.array([shown for _, _, shown in examples], float)
    weights = np.zeros(len(kinds))
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (truth - chance) - _STEADY * weights
        bend = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + _STEADY * np.eye(len(kinds))
        weights += np.linalg.solve(bend, slope)
    return dict(zip(kinds, weights.tolist(), strict=True))


def share(places: Sequence[Sequence[Example]], weights: dict[str, float]) -> float:
    """The share of uses whose definition is in one of the first ten units."""

    def worth(example: Example) -> float:
        base, signs, _ = example
        return weights.get(base, 0.0) + sum(weights.get(kind, 0.0) * value for kind, value in signs.items())

    found = [any(one[2] for one in sorted(place, key=worth, reverse=True)[:10]) for place in places]
    return sum(found) / max(1, len(found))


if __name__ == "__main__":
    main()
