"""What the runtime offers to every session: one of each, made by `app`, shared by all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from copilot_lsp.agents.learning.journal import Journal
from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.projects import Projects
from copilot_lsp.agents.settings import AgentSettings
from copilot_lsp.providers.select import Models
from copilot_lsp.telemetry.health import Health
from copilot_lsp.workers.pool import Workers

S = TypeVar("S", bound=AgentSettings)


@dataclass(frozen=True, slots=True)
class Services(Generic[S]):
    """`models` gives the model selection for effective settings (one per distinct provider configuration).

    `settings` joins what a client sent with all other sources, for a workspace root: the effective settings and the
    sentences that a person should read about what could not be used.
    """

    pool: Pool
    projects: Projects
    workers: Workers
    health: Health
    journal: Journal
    models: Callable[[S], Models]
    settings: Callable[[Mapping[str, Any], Path | None], tuple[S, tuple[str, ...]]]
