"""A view of documents as a session makes it, without a session: real trees, a real pool, no workspace, no model."""

from collections.abc import Callable
from pathlib import Path

import pytest

from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.projects import Project
from copilot_lsp.agents.serving.serving import Serving
from copilot_lsp.agents.settings import AgentSettings, PoolSettings
from copilot_lsp.agents.view import OpenDocument, View
from copilot_lsp.core.document import document
from copilot_lsp.core.text import Position
from copilot_lsp.providers.select import Models
from copilot_lsp.providers.settings import ProviderSettings
from copilot_lsp.recall.live import LiveTokens
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.live import LiveTree

MakeView = Callable[..., View]


@pytest.fixture
def pool() -> Pool:
    return Pool(PoolSettings())


@pytest.fixture
def make_view(tmp_path: Path) -> MakeView:
    """A view of `files` (name to text), the first of them the subject."""

    def make(
        files: dict[str, str],
        *,
        settings: AgentSettings | None = None,
        models: Models | None = None,
        project: Project | None = None,
    ) -> View:
        root = project.root if project else tmp_path
        opened: dict[str, OpenDocument] = {}
        for name, text in files.items():
            doc = document((root / name).as_uri(), text, languages.detect(name) or "plaintext", 1)
            opened[doc.uri] = OpenDocument(doc, LiveTree(doc), LiveTokens())
        return View(
            document=next(iter(opened.values())).document,
            open=opened,
            project=project,
            settings=settings or AgentSettings(),
            models=models or Models(ProviderSettings(local_ollama="")),
            session="1",
            serving=Serving(),
        )

    return make


@pytest.fixture
def place() -> Callable[[View, str], Position]:
    """The position of the first occurrence of a text in the view's subject."""

    def find(view: View, text: str) -> Position:
        return view.document.position(view.document.text.index(text))

    return find
