"""Which settings does learning have?"""

from pydantic import BaseModel, ConfigDict, Field


class LearningSettings(BaseModel):
    """What is remembered of how suggestions were taken: numbers on this machine, never text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = Field(
        default=True,
        description="Note what becomes of suggestions, show fewer where many are rejected, and none twice where it was "
        "rejected. Off: nothing is stored or followed.",
    )
