"""A session's outcomes without a session."""

from pathlib import Path

import pytest
from learning_typist import Typist

from copilot_lsp.agents.learning.journal import Journal
from copilot_lsp.telemetry.health import Health


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "learning", Health())


@pytest.fixture
def typist(journal: Journal) -> Typist:
    return Typist(journal)
