"""The settings that agents read."""

from pydantic import BaseModel, ConfigDict, Field

from copilot_lsp.agents.learning.settings import LearningSettings
from copilot_lsp.analysis.settings import AnalysisSettings
from copilot_lsp.index.settings import IndexSettings
from copilot_lsp.recall.settings import RecallSettings
from copilot_lsp.syntax.settings import SyntaxSettings


class CompletionSettings(BaseModel):
    """How code is completed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    use_model: bool = Field(
        default=True, description="Ask the model server, where there is one, before the embedded engine."
    )
    max_tokens: int = Field(
        default=96, ge=1, le=4096, description="How many tokens a model may write for one completion."
    )
    context_tokens: int = Field(
        default=8192,
        ge=256,
        le=1_000_000,
        description="How many tokens of code a model is given at most, its answer included. One that reads slowly gets "
        "less.",
    )
    max_lines: int = Field(default=8, ge=1, le=100, description="How many lines one completion may span.")
    warm: bool = Field(
        default=True,
        description="Have a model on this machine read its context while nothing is typed, so that it answers sooner.",
    )
    timeout: float = Field(
        default=2.0, gt=0, le=60, description="Seconds after which a completion is answered with what is known by then."
    )


class PoolSettings(BaseModel):
    """How much work is done at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    concurrency: int = Field(default=16, ge=1, le=256, description="Tasks that may run at the same time.")
    queue: int = Field(
        default=256, ge=1, le=65536, description="Tasks that may wait per lane before new ones are refused."
    )


class AgentSettings(BaseModel):
    """What a view carries."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    completion: CompletionSettings = Field(default_factory=lambda: CompletionSettings())
    pool: PoolSettings = Field(default_factory=lambda: PoolSettings())
    syntax: SyntaxSettings = Field(default_factory=lambda: SyntaxSettings())
    index: IndexSettings = Field(default_factory=lambda: IndexSettings())
    recall: RecallSettings = Field(default_factory=lambda: RecallSettings())
    analysis: AnalysisSettings = Field(default_factory=lambda: AnalysisSettings())
    learning: LearningSettings = Field(default_factory=lambda: LearningSettings())
