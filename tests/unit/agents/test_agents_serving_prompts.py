"""What prompts begin with: looked for where the cursor has gone, kept in place, read by a local model ahead."""

from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from copilot_lsp.agents.projects import Projects
from copilot_lsp.agents.serving.prompts import Prompts
from copilot_lsp.agents.serving.reading import Room
from copilot_lsp.agents.serving.serving import Serving
from copilot_lsp.agents.settings import AgentSettings, CompletionSettings
from copilot_lsp.agents.view import OpenDocument, View
from copilot_lsp.core.document import document
from copilot_lsp.core.text import Position
from copilot_lsp.providers.backends.scripted import Scripted
from copilot_lsp.providers.select import Choice, Models
from copilot_lsp.providers.settings import EndpointSettings, ProviderSettings
from copilot_lsp.recall.live import LiveTokens
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.telemetry.health import Health
from copilot_lsp.workers.pool import Workers

ROOM = Room(2048, 384)
SHAPES = "class Circle:\n    def area_of_circle(self, radius):\n        return radius * radius * 3\n"
USERS = "class User:\n    def name_of_user(self, user):\n        return user.name_of_user\n"
TEXT = "from shapes import Circle\n\nCircle().area_of_circle(2)\n" + "\n" * 100 + "x.name_of_user(1)\n"

MakeView = Callable[..., View]


@pytest.fixture
async def view(tmp_path: Path) -> AsyncGenerator[MakeView]:
    """Views of a small workspace with an index, `shapes.py` and `users.py` closed unless they are opened."""
    root = tmp_path / "work"
    root.mkdir()
    for name, text in {"shapes.py": SHAPES, "users.py": USERS, "main.py": TEXT}.items():
        (root / name).write_text(text)
    workers = Workers()
    projects = Projects(tmp_path / "cache", workers, Health())
    models = Models(ProviderSettings(endpoints={"s": EndpointSettings(backend="scripted")}))
    await models.start()
    project = await projects.acquire(root, AgentSettings())
    assert project.preparing is not None
    await project.preparing

    def make(warm: bool = True, **opened: str) -> View:
        documents = [
            document((root / f"{name}.py").as_uri(), text, "python", 1)
            for name, text in {"main": TEXT, **opened}.items()
        ]
        return View(
            documents[0],
            {one.uri: OpenDocument(one, LiveTree(one), LiveTokens()) for one in documents},
            project,
            AgentSettings(completion=CompletionSettings(warm=warm)),
            models,
            "1",
            serving=Serving(),
        )

    yield make
    await models.close()
    await projects.close()
    await workers.close()


def choice_of(view: View) -> Choice:
    choice = view.models.choice("complete")
    assert choice is not None
    return choice


def asked(view: View) -> int:
    scripted: Scripted = choice_of(view).provider._provider  # pyright: ignore
    return len([task for task, _ in scripted.asked if task == "complete"])


SHAPE, USER = Position(2, 8), Position(104, 0)


async def test_the_first_prompt_searches_and_the_next_ones_keep_what_was_found(view: MakeView) -> None:
    prompts, here = Prompts(), view()
    first = await prompts.chunks(here, SHAPE, ROOM)
    assert "shapes.py" in [one.path for one in first]
    assert "main.py" not in [one.path for one in first], "the document stands in the prompt itself"
    assert await prompts.chunks(here, USER, ROOM) == first


async def test_a_cursor_elsewhere_adds_at_the_end_and_has_the_model_read_it(view: MakeView) -> None:
    prompts, here = Prompts(), view()
    choice = choice_of(here)
    first = await prompts.chunks(here, SHAPE, ROOM)
    await prompts.refresh(here, SHAPE, choice, ROOM)
    assert asked(here) == 0, "nothing has changed"
    await prompts.refresh(here, USER, choice, ROOM)
    more = await prompts.chunks(here, USER, ROOM)
    assert more[: len(first)] == first
    assert "users.py" in [one.path for one in more[len(first) :]]
    assert asked(here) == 1


async def test_a_model_is_not_warmed_where_that_is_switched_off(view: MakeView) -> None:
    prompts, here = Prompts(), view(warm=False)
    await prompts.refresh(here, USER, choice_of(here), ROOM)
    assert await prompts.chunks(here, USER, ROOM)
    assert asked(here) == 0


async def test_what_an_open_document_no_longer_holds_is_not_shown(view: MakeView) -> None:
    prompts, here = Prompts(), view(shapes=SHAPES)
    for one in here.open.values():
        await one.live.settle(one.document)
    assert "shapes.py" in [one.path for one in await prompts.chunks(here, SHAPE, ROOM)]
    changed = view(shapes="class Square:\n    pass\n")
    assert "shapes.py" not in [one.path for one in await prompts.chunks(changed, SHAPE, ROOM)]
    assert "shapes.py" not in [one.path for one in await prompts.chunks(view(), SHAPE, ROOM)], "closed unsaved"


async def test_without_a_workspace_there_is_nothing_to_show(view: MakeView) -> None:
    here = view()
    alone = View(here.document, here.open, None, here.settings, here.models, "1", serving=here.serving)
    assert await Prompts().chunks(alone, SHAPE, ROOM) == ()
    await Prompts().refresh(alone, SHAPE, choice_of(here), ROOM)
    assert asked(here) == 0
