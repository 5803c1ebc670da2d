"""What is said about a name: by syntax and symbols, by the workspace, and by a chat model."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from copilot_lsp.agents.events import Event, TextEvent
from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.projects import Project, Projects
from copilot_lsp.agents.request import Explain, WriteDoc
from copilot_lsp.agents.settings import AgentSettings
from copilot_lsp.agents.view import View
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.text import Position
from copilot_lsp.features.hover import hover
from copilot_lsp.features.lenses import lenses, resolve_lens
from copilot_lsp.providers.select import Models
from copilot_lsp.providers.settings import EndpointSettings, ProviderSettings
from copilot_lsp.telemetry.decisions import DECISIONS
from copilot_lsp.telemetry.health import Health
from copilot_lsp.workers.pool import Workers

MakeView = Callable[..., View]
Place = Callable[[View, str], Position]
SHAPES = '''import math

class Shape:
    """Anything with an area.

    ![](http://canary/?q=1) <b>bold</b>
    """

    def area(self, scale: float) -> float:
        factor = scale * math.pi
        return factor


def total(shapes):
    return sum(shape.area(1) for shape in shapes)
'''


@pytest.fixture
async def project(tmp_path: Path) -> AsyncIterator[Project]:
    """A workspace with one file on disk, indexed."""
    root = tmp_path / "work"
    root.mkdir()
    (root / "shapes.py").write_text(SHAPES, encoding="utf-8")
    (root / "far.py").write_text("def area(): pass\n", encoding="utf-8")
    workers = Workers()
    projects = Projects(tmp_path / "cache", workers, Health())
    found = await projects.acquire(root, AgentSettings())
    assert found.preparing is not None
    await found.preparing
    yield found
    await projects.close()
    await workers.close()


@asynccontextmanager
async def scripted(tmp_path: Path, replies: str) -> AsyncIterator[Models]:
    script = tmp_path / "replies.json"
    script.write_text(replies, encoding="utf-8")
    settings = ProviderSettings(endpoints={"test": EndpointSettings(backend="scripted", script=str(script))})
    models = Models(settings)
    await models.start()
    yield models
    await models.close()


async def test_a_definition_tells_its_signature_its_place_and_its_documentation(
    pool: Pool, make_view: MakeView, place: Place
) -> None:
    view = make_view({"shapes.py": SHAPES})
    found = await hover(pool, view, place(view, "area(self"))
    assert found is not None
    assert found.markdown.startswith("```python\ndef area(self, scale: float) -> float:\n```")
    assert "*method* of Shape · shapes.py:9 · 3 mentions" in found.markdown
    assert view.document.slice(found.span) == "area"


async def test_a_use_finds_the_definition_in_another_open_document(
    pool: Pool, make_view: MakeView, place: Place
) -> None:
    view = make_view({"main.py": "from shapes import Shape\nShape()\n", "shapes.py": SHAPES})
    await view.open[next(uri for uri in view.open if uri.endswith("shapes.py"))].live.settle(
        view.open[next(uri for uri in view.open if uri.endswith("shapes.py"))].document
    )
    found = await hover(pool, view, place(view, "Shape()"))
    assert found is not None
    assert "class Shape:" in found.markdown
    assert "Anything with an area" in found.markdown


async def test_documentation_cannot_load_an_image_or_hold_html(pool: Pool, make_view: MakeView, place: Place) -> None:
    view = make_view({"shapes.py": SHAPES})
    found = await hover(pool, view, place(view, "Shape"))
    assert found is not None
    assert "!\\[\\](http\\:" in found.markdown
    assert "\\<b\\>" in found.markdown


async def test_a_local_name_shows_the_line_that_binds_it(pool: Pool, make_view: MakeView, place: Place) -> None:
    view = make_view({"shapes.py": SHAPES})
    found = await hover(pool, view, place(view, "scale *"))
    assert found is not None
    assert "*parameter*" in found.markdown
    module = await hover(pool, view, place(view, "math.pi"))
    assert module is not None
    assert "```python\nimport math\n```" in module.markdown


async def test_nothing_is_said_about_keywords_strings_and_unknown_names(
    pool: Pool, make_view: MakeView, place: Place
) -> None:
    view = make_view({"a.py": "def f():\n    return 'f' + unknown  # f\n"})
    for text in ("def", "return", "'f'", "unknown", "# f"):
        assert await hover(pool, view, place(view, text)) is None
    assert await hover(pool, make_view({"a.txt": "f"}), Position(0, 0)) is None


async def test_the_workspace_is_asked_and_open_documents_hide_their_files(
    pool: Pool, make_view: MakeView, place: Place, project: Project
) -> None:
    view = make_view({"main.py": "from shapes import total\ntotal([])\n"}, project=project)
    found = await hover(pool, view, place(view, "total(["))
    assert found is not None
    assert "def total(shapes):" in found.markdown
    assert "shapes.py:14 · 3 mentions" in found.markdown

    # The same file open with another text: what is on disk no longer counts.
    changed = {"main.py": "from shapes import total\ntotal([])\n", "shapes.py": "def other(): pass\n"}
    found = await hover(pool, make_view(changed, project=project), Position(1, 0))
    assert found is not None
    assert "from shapes import total" in found.markdown
    assert "2 mentions" in found.markdown


async def test_of_several_definitions_the_imported_file_wins(
    pool: Pool, make_view: MakeView, place: Place, project: Project
) -> None:
    text = "from far import area\narea()\n"
    (project.root / "main.py").write_text(text, encoding="utf-8")
    await project.index.update(project.root / "main.py")
    view = make_view({"main.py": text}, project=project)
    found = await hover(pool, view, place(view, "area()"))
    assert found is not None
    assert "far.py:1" in found.markdown
    assert "1 other definition of this name" in found.markdown


async def test_a_module_tells_what_its_file_says_about_itself(
    pool: Pool, make_view: MakeView, place: Place, project: Project
) -> None:
    (project.root / "units.py").write_text('"""Units of length."""\nmetre = 1\n', encoding="utf-8")
    await project.index.update(project.root / "units.py")
    view = make_view({"main.py": "import units\nfrom units import metre\nunits.metre\n"}, project=project)
    for position in (Position(0, 8), Position(1, 6), Position(2, 2)):
        found = await hover(pool, view, position)
        assert found is not None
        assert "Units of length" in found.markdown
        assert "*module*" in found.markdown
    name = await hover(pool, view, Position(1, 20))
    assert name is not None
    assert "metre = 1" in name.markdown

    opened = {"main.py": "import units\n", "units.py": '"""Units of time."""\n'}
    view = make_view(opened, project=project)
    other = next(one for uri, one in view.open.items() if uri.endswith("units.py"))
    await other.live.settle(other.document)
    found = await hover(pool, view, Position(0, 8))
    assert found is not None
    assert "Units of time" in found.markdown


async def test_lenses_count_when_they_are_looked_at(make_view: MakeView, project: Project) -> None:
    view = make_view({"shapes.py": SHAPES}, project=project)
    found = await lenses(view)
    assert [lens.data["name"] for lens in found] == ["Shape", "area", "total"]
    # "area" is in far.py on disk and three times in the open document, one of them in words.
    titles = await asyncio.gather(*(resolve_lens(view, lens.data) for lens in found))
    assert titles == ["1 mention", "4 mentions", "1 mention"]
    assert await resolve_lens(view, {"name": "stranger"}) == ""
    assert await resolve_lens(view, {}) == ""


async def test_a_chat_model_adds_its_words_made_harmless(pool: Pool, make_view: MakeView, tmp_path: Path) -> None:
    reply = '[{"task": "chat", "text": "It adds.\\n![x](http://canary/)\\n", "piece": 5}]'
    events: list[Event] = []
    async with scripted(tmp_path, reply) as models:
        view = make_view({"shapes.py": SHAPES}, models=models)
        request = Explain(Position(13, 4), model=True)
        found = await pool.run(request, view, budget=seconds(5), emit=events.append)
    assert found is not None
    assert found.markdown.startswith("```python\ndef total(shapes):")
    assert found.markdown.endswith("It adds.\n! [x] (http://canary/)")
    assert "".join(one.text for one in events if isinstance(one, TextEvent)) == "It adds.\n! [x] (http://canary/)\n"


async def test_the_definition_around_is_explained_where_no_name_is(pool: Pool, make_view: MakeView) -> None:
    view = make_view({"shapes.py": SHAPES})
    found = await pool.run(Explain(Position(10, 4), model=True), view, budget=seconds(5))
    assert found is not None
    assert "def area" in found.markdown
    assert await pool.run(Explain(Position(11, 0)), view, budget=seconds(5)) is None


async def test_a_failing_model_leaves_what_symbols_know(pool: Pool, make_view: MakeView, tmp_path: Path) -> None:
    async with scripted(tmp_path, '[{"task": "chat", "text": "x", "error": "ProviderRejected"}]') as models:
        view = make_view({"shapes.py": SHAPES}, models=models)
        found = await pool.run(Explain(Position(13, 4), model=True), view, budget=seconds(5))
        edits = await pool.run(WriteDoc(Position(13, 4)), view, budget=seconds(5))
    assert found is not None
    assert found.markdown.startswith("```python\ndef total(shapes):")
    assert '"""Total.' in view.document.replaced(edits, 2).text
    assert [row["reason"] for row in DECISIONS.rows(2)] == ["the model failed: ProviderRejected"] * 2


async def test_a_file_of_keys_reaches_no_model(pool: Pool, make_view: MakeView, tmp_path: Path) -> None:
    async with scripted(tmp_path, '[{"task": "chat", "text": "It adds."}]') as models:
        view = make_view({".env.py": SHAPES}, models=models)
        found = await pool.run(Explain(Position(13, 4), model=True), view, budget=seconds(5))
    assert found is not None
    assert "It adds" not in found.markdown
    assert DECISIONS.rows(1)[0]["reason"] == "no model may be asked"


async def test_a_file_that_the_user_withholds_reaches_no_model(
    pool: Pool, make_view: MakeView, tmp_path: Path, project: Project
) -> None:
    (project.root / ".copilotignore").write_text("private/\n", "utf-8")
    async with scripted(tmp_path, '[{"task": "chat", "text": "It adds."}]') as models:
        view = make_view({"private/new.py": SHAPES}, models=models, project=project)
        found = await pool.run(Explain(Position(13, 4), model=True), view, budget=seconds(5))
    assert found is not None
    assert "It adds" not in found.markdown
    assert DECISIONS.rows(1)[0]["reason"] == "no model may be asked"


async def test_a_model_documents_in_its_words_as_far_as_they_can_be_used(
    pool: Pool, make_view: MakeView, tmp_path: Path
) -> None:
    answer = 'summary: Add up all areas.\\n- `shapes`: what to add\\nstranger: no\\nreturns: a \\"\\"\\" trick\\n'
    async with scripted(tmp_path, f'[{{"task": "chat", "text": "{answer}"}}]') as models:
        view = make_view({"shapes.py": SHAPES}, models=models)
        edits = await pool.run(WriteDoc(Position(13, 4)), view, budget=seconds(5))
    text = view.document.replaced(edits, 2).text
    assert '    """Add up all areas.\n' in text
    assert "shapes: what to add" in text
    assert "stranger" not in text
    assert "trick" not in text


async def test_what_is_documented_or_has_no_grammar_stays(pool: Pool, make_view: MakeView) -> None:
    view = make_view({"a.py": 'def f():\n    """It is."""\n'})
    assert await pool.run(WriteDoc(Position(0, 4)), view, budget=seconds(5)) == ()
    assert await pool.run(WriteDoc(Position(0, 0)), make_view({"a.txt": "f"}), budget=seconds(5)) == ()
