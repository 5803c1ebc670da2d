"""Is offered after each refactoring what must be, and nothing else?"""

from pathlib import Path

import pytest
from next_edits_case import Case, offered, play, read_cases

from copilot_lsp.agents.next_edits.follow import next_edits
from copilot_lsp.index.update import forget

CASES = [
    pytest.param(case, id=f"{path.stem}: {case.why}"[:100])
    for path in sorted((Path(__file__).parent / "cases").glob("*.txt"))
    for case in read_cases(path)
]


@pytest.mark.parametrize("case", CASES)
def test_case(case: Case, tmp_path: Path) -> None:
    scene = play(case, tmp_path)
    found = next_edits(scene)
    if scene.index is not None:
        scene.index.database.close()
        forget()
    assert sorted(map(str, offered(found, case, scene, tmp_path))) == sorted(map(str, case.offers)), case.why
    assert all(one.text is None or one.version == scene.trees[one.uri].document.version for one in found)
