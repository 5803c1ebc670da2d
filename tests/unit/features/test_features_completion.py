"""The popup: which names it offers, in which order, as what, and what it knows about them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.projects import Project, Projects
from copilot_lsp.agents.settings import AgentSettings
from copilot_lsp.agents.view import View
from copilot_lsp.core.document import Document
from copilot_lsp.core.errors import StoreError
from copilot_lsp.core.text import Position
from copilot_lsp.features.completion import Item, completion, names_at, resolve_item
from copilot_lsp.telemetry.health import Health
from copilot_lsp.workers.pool import Workers

MakeView = Callable[..., View]
SHAPES = "def perimeter(shape):\n    '''The length around it.'''\n    return 4 * shape.side\n"


def end(document: Document) -> Position:
    return document.end


@pytest.fixture
async def project(tmp_path: Path):
    root = tmp_path / "work"
    root.mkdir()
    (root / "shapes.py").write_text(SHAPES, encoding="utf-8")
    workers = Workers()
    projects = Projects(tmp_path / "cache", workers, Health())
    found = await projects.acquire(root, AgentSettings())
    assert found.preparing is not None
    await found.preparing
    yield found
    await projects.close()
    await workers.close()


def offered(items: tuple[Item, ...]) -> dict[str, str]:
    return {item.label: item.kind for item in items}


async def test_names_in_scope_come_with_their_kind(make_view: MakeView) -> None:
    view = make_view({"a.py": "def area(width):\n    wi"})
    await view.tree()
    assert offered(names_at(view, end(view.document)))["width"] == "parameter"


def test_before_the_first_tree_the_words_of_the_text_do(make_view: MakeView) -> None:
    view = make_view({"a.py": "width = 1\nwidest = 2\nwi"})
    assert offered(names_at(view, end(view.document))) == {"width": "text", "widest": "text"}


def test_the_typed_case_goes_first_and_nothing_is_offered_without_a_prefix(make_view: MakeView) -> None:
    view = make_view({"a.py": "Width = 1\nwidth = 2\nwi"})
    assert [item.label for item in names_at(view, end(view.document))] == ["width", "Width"]
    assert names_at(make_view({"a.py": "width = 1\n"}), Position(1, 0)) == ()


def test_members_are_those_seen_behind_the_same_receiver(make_view: MakeView) -> None:
    view = make_view({"a.py": "shape.area()\nother.size\nshape.", "b.py": "shape.side = 1\n"})
    assert offered(names_at(view, end(view.document))) == {"area": "method", "side": "property"}


async def test_the_workspace_knows_what_a_word_of_the_text_is(make_view: MakeView, project: Project) -> None:
    view = make_view({"use.py": "perimeter = None\nperi"}, project=project)
    (item,) = names_at(view, end(view.document))
    assert (item.label, item.kind, item.detail) == ("perimeter", "function", "shapes.py")
    details = await resolve_item(view, item.data)
    assert details is not None
    assert details.detail == "def perimeter(shape):"
    assert "The length around it." in details.markdown
    assert "shapes.py" in details.markdown


async def test_details_come_from_the_open_document_and_never_from_its_file(
    make_view: MakeView, project: Project
) -> None:
    view = make_view({"shapes.py": "def perimeter(new):\n    'Newer.'\n\nperi"}, project=project)
    details = await resolve_item(view, {"name": "perimeter", "path": ""})
    assert details is not None
    assert (details.detail, details.markdown) == ("def perimeter(new):", "Newer.")
    assert await resolve_item(view, {"name": "perimeter", "path": "shapes.py"}) is None
    assert await resolve_item(view, {}) is None


async def test_an_index_that_cannot_be_read_leaves_the_names_of_the_document(
    make_view: MakeView, project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    view = make_view({"use.py": "period = 1\nperi"}, project=project)
    await project.index.close()
    with pytest.raises(StoreError), project.index.database.read() as connection:
        connection.execute("SELECT 1")
    for _ in range(3):
        assert offered(names_at(view, end(view.document))) == {"period": "text"}
    assert caplog.text.count("cannot be read") == 1, "said once, not at every keystroke"


async def test_a_fill_is_offered_with_the_typed_word_in_front(pool: Pool, make_view: MakeView) -> None:
    text = "def area(width, height):\n    return width * height\n\n\ndef size(width, height):\n    return width"
    view = make_view({"a.py": text})
    emitted: list[Item] = []
    items = await completion(pool, view, end(view.document), emitted.extend)
    assert [(item.label, item.kind, item.text) for item in items] == [("width * height", "fill", "width * height")]
    assert items[0].span.start == Position(5, len("    return "))
