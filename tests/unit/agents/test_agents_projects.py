"""Workspaces are opened once, shared, kept up to date and closed by their last holder."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from copilot_lsp.agents.projects import Progress, Projects
from copilot_lsp.agents.settings import AgentSettings
from copilot_lsp.index.search import search
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.index.symbols import find
from copilot_lsp.telemetry.health import Health
from copilot_lsp.workers.pool import Workers

SETTINGS = AgentSettings()


@pytest.fixture
async def workers() -> AsyncGenerator[Workers]:
    workers = Workers()
    yield workers
    await workers.close()


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
async def projects(tmp_path: Path, workers: Workers, health: Health) -> AsyncGenerator[Projects]:
    projects = Projects(tmp_path / "cache", workers, health)
    yield projects
    await projects.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    (root / "one.py").write_text("def first_thing():\n    return 1\n", encoding="utf-8")
    return root


async def test_a_folder_is_opened_once_and_closed_by_its_last_holder(projects: Projects, root: Path) -> None:
    heard: list[Progress | None] = []
    one = await projects.acquire(root, SETTINGS, heard.append)
    other = await projects.acquire(root / ".." / "root", SETTINGS)
    assert one is other
    assert one.preparing is not None
    await one.preparing
    assert heard[-1] is None
    assert any(progress and "Indexing" in progress.message for progress in heard)
    assert [found.name for found in find(one.index, "first_thing")] == ["first_thing"]
    await projects.release(one, heard.append)
    assert projects.all == (one,)
    await projects.release(other)
    assert projects.all == ()


async def test_a_late_listener_hears_how_far_it_is(projects: Projects, root: Path) -> None:
    project = await projects.acquire(root, SETTINGS)
    project.tell(Progress("half way", 50))
    heard: list[Progress | None] = []
    await projects.acquire(root, SETTINGS, heard.append)
    assert heard[0] == Progress("half way", 50)


async def test_saved_files_are_found_and_deleted_ones_are_not(projects: Projects, root: Path) -> None:
    project = await projects.acquire(root, SETTINGS)
    assert project.preparing is not None
    await project.preparing
    path = root / "two.py"
    path.write_text("def second_thing():\n    return 2\n", encoding="utf-8")
    await projects.changed(project, (path,))
    assert [found.path for found in find(project.index, "second_thing")] == ["two.py"]
    assert [chunk.path for chunk in await search(project.index, "second_thing", limit=1)] == ["two.py"]
    path.unlink()
    await projects.changed(project, (path,))
    assert find(project.index, "second_thing") == ()


async def test_many_changes_at_once_are_one_crawl(projects: Projects, root: Path) -> None:
    project = await projects.acquire(root, SETTINGS)
    assert project.preparing is not None
    await project.preparing
    paths = tuple(root / f"many_{number}.py" for number in range(70))
    for number, path in enumerate(paths):
        path.write_text(f"def thing_{number}():\n    pass\n", encoding="utf-8")
    heard: list[Progress | None] = []
    project.listeners.append(heard.append)
    await projects.changed(project, paths)
    assert find(project.index, "thing_69")
    assert heard, "a crawl reports progress, single updates do not"


async def test_without_an_index_nothing_is_crawled(projects: Projects, root: Path) -> None:
    project = await projects.acquire(root, AgentSettings(index=IndexSettings(enabled=False)))
    assert project.preparing is None
    assert find(project.index, "first_thing") == ()


async def test_a_worker_that_cannot_run_leaves_less_and_is_said(
    tmp_path: Path, root: Path, health: Health, caplog: pytest.LogCaptureFixture
) -> None:
    workers = Workers()
    await workers.close()
    projects = Projects(tmp_path / "cache", workers, health)
    project = await projects.acquire(root, SETTINGS)
    assert project.preparing is not None
    await project.preparing
    assert health.status("index") == "degraded"
    assert "is not fully indexed" in caplog.text
    await projects.close()


async def test_closing_ends_a_crawl_in_progress(projects: Projects, root: Path) -> None:
    for number in range(200):
        (root / f"f{number}.py").write_text("x = 1\n" * 200, encoding="utf-8")
    project = await projects.acquire(root, SETTINGS)
    await asyncio.sleep(0.05)
    await projects.close()
    assert project.preparing is not None
    assert project.preparing.done()
    assert projects.all == ()
