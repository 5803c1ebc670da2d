"""The settings of parsing, as they are read from settings sources."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from copilot_lsp.syntax.limits import DEFAULT, Limits


class SyntaxSettings(BaseModel):
    """Which documents are parsed, and where more grammars are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    largest_document: int = Field(
        default=DEFAULT.size, ge=0, description="Documents with more characters are not parsed while they are edited."
    )
    longest_line: int = Field(
        default=DEFAULT.line, ge=0, description="Documents with a longer line are not parsed while they are edited."
    )
    grammar_folders: tuple[Path, ...] = Field(
        default=(),
        description="Folders with more languages, laid out as the shipped grammars folder; they load Python packages.",
        json_schema_extra={"sensitive": True},
    )

    @property
    def limits(self) -> Limits:
        return Limits(size=self.largest_document, line=self.longest_line)
