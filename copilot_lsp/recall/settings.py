"""Which settings does the embedded engine have?"""

from pydantic import BaseModel, ConfigDict, Field

# What the embedded engine is called where suggestions and models have names.
SOURCE = "recall"


class RecallSettings(BaseModel):
    """Settings of the embedded engine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = Field(default=True, description="Complete from the workspace itself when no model does.")
    confidence: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        description="Offer a completion only when it is at least this likely to be right, as measured on other code.",
    )
    agreement: float = Field(
        default=0.1,
        ge=0.0,
        le=1.0,
        description="Where no whole line is likely enough, offer the beginning that is at least this likely.",
    )
