"""The index embeds with whatever model a server offers, and with none when none does."""

import json
from pathlib import Path

import pytest

from copilot_lsp.agents.embedding import EmbeddingModel
from copilot_lsp.agents.projects import Projects
from copilot_lsp.agents.settings import AgentSettings
from copilot_lsp.core.errors import ProviderUnavailable
from copilot_lsp.index.search import search
from copilot_lsp.providers.select import Models
from copilot_lsp.providers.settings import EndpointSettings, ProviderSettings
from copilot_lsp.telemetry.health import Health
from copilot_lsp.workers.pool import Workers


async def test_without_an_endpoint_there_is_no_model() -> None:
    models = Models(ProviderSettings(local_ollama=""))
    await models.start()
    model = EmbeddingModel(models)
    assert model.name == ""
    with pytest.raises(ProviderUnavailable):
        await model.embed(["x"])
    await models.close()


async def test_a_projects_pieces_get_the_models_vectors(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps([]), encoding="utf-8")
    endpoint = EndpointSettings(backend="scripted", script=str(script), embed_model="scripted")
    models = Models(ProviderSettings(endpoints={"double": endpoint}))
    await models.start()
    root = tmp_path / "root"
    root.mkdir()
    (root / "shapes.py").write_text("def area(width, height):\n    return width * height\n", encoding="utf-8")
    workers = Workers()
    projects = Projects(tmp_path / "cache", workers, Health())
    project = await projects.acquire(root, AgentSettings(), models=models)
    assert project.preparing is not None
    await project.preparing
    await project.index.followed()
    with project.index.database.read() as connection:
        owner = connection.execute("SELECT value FROM facts WHERE name = 'model ready'").fetchone()
    assert owner == (b"double/scripted",)
    assert [chunk.path for chunk in await search(project.index, "area of a rectangle")] == ["shapes.py"]
    await projects.close()
    await workers.close()
    await models.close()
