"""Does a session do what each fixture in `fixtures/` says? `--update` rewrites their golden parts."""

from pathlib import Path

import ask
import pytest
from fixture import Expected, Fixture, read, rewritten
from stage import session

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.txt"))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
async def test_fixture(path: Path, tmp_path: Path, update: bool) -> None:
    fixture = read(path)
    answers, found = await played(fixture, tmp_path)
    if update:
        rewrite(fixture, answers, found)
        return
    for name, expected in expected_diagnostics(fixture).items():
        assert found[name] == expected, f"diagnostics of {name}"
    for golden in fixture.goldens:
        assert answers[golden.header] == golden.text, golden.header


async def played(fixture: Fixture, folder: Path) -> tuple[dict[str, str], dict[str, tuple[Expected, ...]]]:
    """The answers by golden section, and the diagnostics of each file that expects some."""
    answers: dict[str, str] = {}
    found: dict[str, tuple[Expected, ...]] = {}
    async with session(fixture, folder) as (editor, opened):
        for name, marked in fixture.opened().items():
            if marked.expected:
                found[name] = await ask.diagnostics(editor, opened[name])
        for golden in fixture.goldens:
            told = await ask.answer(fixture, golden, editor, opened)
            # The folders differ from run to run.
            answers[golden.header] = told.replace(str(folder / "work"), "$WORK").replace(str(folder / "home"), "$HOME")
    return answers, found


def rewrite(fixture: Fixture, answers: dict[str, str], found: dict[str, tuple[Expected, ...]]) -> None:
    fixture.source.write_text(rewritten(fixture, answers, found), encoding="utf-8")


def expected_diagnostics(fixture: Fixture) -> dict[str, tuple[Expected, ...]]:
    return {name: marked.expected for name, marked in fixture.opened().items() if marked.expected}
