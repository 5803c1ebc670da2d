"""The settings of what a person sees."""

from pydantic import BaseModel, ConfigDict, Field

from copilot_lsp.agents.settings import AgentSettings


class EditorSettings(BaseModel):
    """Which features answer at all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    inline: bool = Field(default=True, description="Offer ghost text while typing.")
    completion: bool = Field(default=True, description="Offer entries in the completion popup.")
    diagnostics: bool = Field(default=True, description="Show syntax errors and rule findings.")
    hover: bool = Field(default=True, description="Show what a name is when the pointer rests on it.")
    lenses: bool = Field(default=False, description="Show reference counts above definitions.")


class FeatureSettings(AgentSettings):
    """What a session carries."""

    editor: EditorSettings = Field(default_factory=lambda: EditorSettings())
