"""What an editor may ask for by name."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot_lsp.agents.learning.journal import Journal
from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.projects import Projects
from copilot_lsp.agents.services import Services
from copilot_lsp.agents.settings import AgentSettings
from copilot_lsp.agents.view import View
from copilot_lsp.core.text import Position
from copilot_lsp.features import commands
from copilot_lsp.features.execute import CommandRefused, Scene, execute
from copilot_lsp.telemetry.health import Health
from copilot_lsp.workers.pool import Workers

MakeView = Callable[..., View]


@pytest.fixture
async def services(tmp_path: Path, pool: Pool):
    workers, health = Workers(), Health()
    projects = Projects(tmp_path / "cache", workers, health)
    view = None
    journal = Journal(tmp_path / "learning", health)
    yield Services(
        pool,
        projects,
        workers,
        health,
        journal,
        models=lambda _: view,
        settings=lambda *_: (AgentSettings(), ()),
    )
    await projects.close()
    await workers.close()


async def test_explain_and_document_work_on_a_place(services: Services, make_view: MakeView) -> None:
    view = make_view({"a.py": "def area(width):\n    return width\n"})
    scene = Scene(services, view.models, view=view, position=Position(0, 5))
    explained = await execute("copilotLsp.explain", scene)
    assert "def area(width):" in explained.markdown
    documented = await execute("copilotLsp.document", scene)
    assert '"""Area.' in view.document.replaced(documented.edits, 2).text


async def test_where_nothing_can_be_done_a_sentence_says_so(services: Services, make_view: MakeView) -> None:
    view = make_view({"a.py": "1\n"})
    scene = Scene(services, view.models, view=view, position=Position(0, 0))
    assert (await execute("copilotLsp.explain", scene)).markdown == "Nothing is known about this place."
    assert (await execute("copilotLsp.document", scene)).markdown.startswith("There is no definition")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("copilotLsp.nothing", "there is no command 'copilotLsp.nothing'; there are copilotLsp.explain"),
        ("copilotLsp.explain", "needs an open document"),
        ("copilotLsp.reindex", "no folder is open"),
    ],
)
async def test_a_command_without_its_subject_is_refused(
    services: Services, make_view: MakeView, command: str, message: str
) -> None:
    with pytest.raises(CommandRefused, match=message):
        await execute(command, Scene(services, make_view({"a.py": ""}).models))


async def test_the_index_is_renewed_and_the_status_says_it(
    services: Services, make_view: MakeView, tmp_path: Path
) -> None:
    root = tmp_path / "my_work"
    root.mkdir()
    project = await services.projects.acquire(root, AgentSettings())
    assert project.preparing is not None
    await project.preparing
    (root / "a.py").write_text("x = 1\n", encoding="utf-8")
    scene = Scene(services, make_view({"a.py": ""}).models, project=project)
    assert (await execute("copilotLsp.reindex", scene)).markdown == "Indexed: 1 file of my\\_work (idle)."
    status = (await execute("copilotLsp.status", scene)).markdown
    assert "Completions come from the embedded engine" in status
    assert "1 file of my\\_work" in status


def test_the_names_can_be_read_without_importing_anything() -> None:
    tree = ast.parse(Path(commands.__file__).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"dataclasses", "typing"}
    assert all(name == command.name for name, command in commands.COMMANDS.items())
