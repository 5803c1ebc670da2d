"""Does each filter let through, repair and keep back what its fixtures say, in at least four languages?

A fixture is one text file, `filters/FILTER/CASE.txt`. Its first paragraph says why it should hold. Sections follow:

    -- LANGUAGE --      a document with <CURSOR>; "LANGUAGE, crlf" gives it those line ends
    -- proposed --      what an engine would like to show there, in [[ ]]
    -- shown --         golden: what is left of it in [[ ]], or (nothing); then the filters that changed it

A line of ~ in a document or a text stands for a key that looks like one of AWS.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from copilot_lsp.agents.filter import sifted
from copilot_lsp.core import registry
from copilot_lsp.core.document import document
from copilot_lsp.core.fill import Fill
from copilot_lsp.core.text import Span
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.telemetry.metrics import METRICS

FOLDER = Path(__file__).parent / "filters"
_HEADER = re.compile(r"^-- (.+?) --\n", re.MULTILINE)
# Composed here, so that no tool that looks for keys in source finds one in the fixtures.
_KEY = "AKIA" + "QYLPMN5HHHFPZAM2"


@dataclass(frozen=True, slots=True)
class Case:
    """One language of a fixture."""

    language: str
    text: str
    proposed: str
    shown: str


def read(path: Path) -> list[Case]:
    why, *parts = _HEADER.split(path.read_text(encoding="utf-8"))
    assert why.strip(), f"{path.name} does not say why it should hold"
    sections = list(zip(parts[::2], parts[1::2], strict=True))
    assert len(sections) % 3 == 0, f"{path.name} does not have three sections for each language"
    return [
        Case(sections[at][0], sections[at][1], sections[at + 1][1].rstrip("\n"), sections[at + 2][1].rstrip("\n"))
        for at in range(0, len(sections), 3)
    ]


FIXTURES = sorted(FOLDER.glob("*/*.txt"))
CASES = [(path, number, case.language) for path in FIXTURES for number, case in enumerate(read(path))]


@pytest.mark.parametrize(
    ("path", "number", "language"), CASES, ids=[f"{path.parent.name}-{path.stem}-{name}" for path, _, name in CASES]
)
async def test_fixture(path: Path, number: int, language: str, update: bool) -> None:
    case = read(path)[number]
    said = await answer(case)
    if update:
        rewrite(path, number, said)
        return
    assert said == case.shown
    assert _fired(said) <= {path.parent.name}, f"{path.parent.name} is not what was tried"


@pytest.mark.parametrize("name", registry.names("filter"))
def test_every_filter_has_fixtures_in_four_languages(name: str) -> None:
    cases = [case for path in FIXTURES if path.parent.name == name for case in read(path)]
    assert len({case.language.split(",")[0] for case in cases if name in case.shown}) >= 4
    assert any("by " not in case.shown for case in cases), f"nothing shows what {name} leaves alone"


async def answer(case: Case) -> str:
    """What is let through, and by which filters it was changed."""
    name, _, ending = case.language.partition(", ")
    text = case.text.removesuffix("\n").replace("~", _KEY)
    proposed = case.proposed.removeprefix("[[").removesuffix("]]").replace("~", _KEY)
    if ending == "crlf":
        text = text.replace("\n", "\r\n")
    at = text.index("<CURSOR>")
    opened = document(f"file:///w/{name}", text.replace("<CURSOR>", "", 1), name)
    place = Span(opened.position(at), opened.position(at))
    live = LiveTree(opened)
    await live.settle(opened)
    METRICS.clear()
    shown = await sifted(opened, live, (Fill(place, proposed, 1.0, "model"),))
    said = f"[[{shown[0].text}]]" if shown else "(nothing)"
    values = next(one for one in METRICS.snapshot() if one.metric.name == "filtered_total").values
    said = said.replace("\r\n", "\\r\n").replace(_KEY, "~")
    return "\n".join([said, *sorted(f"by {key[0]}" for key in values)])


def rewrite(path: Path, number: int, said: str) -> None:
    why, *parts = _HEADER.split(path.read_text(encoding="utf-8"))
    parts[6 * number + 5] = f"{said}\n"
    sections = "".join(f"-- {name} --\n{body}" for name, body in zip(parts[::2], parts[1::2], strict=True))
    path.write_text(why + sections, encoding="utf-8")


def _fired(said: str) -> set[str]:
    return {line.removeprefix("by ") for line in said.split("\n") if line.startswith("by ")}
