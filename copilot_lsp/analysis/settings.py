"""What a user may set about findings."""

from pydantic import BaseModel, ConfigDict, Field

from copilot_lsp.analysis.finding import Severity


class AnalysisSettings(BaseModel):
    """Which findings are shown, and how loudly."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    syntax_errors: bool = Field(
        default=True, description="Report syntax errors; switch off where another language server reports them."
    )
    disabled: frozenset[str] = Field(
        default=frozenset(), description="Rules that are switched off, by id or by category (see docs/rules.md)."
    )
    severity: dict[str, Severity] = Field(
        default_factory=dict[str, Severity],
        description="Severity of single rules, by id: error, warning, info or hint.",
    )
