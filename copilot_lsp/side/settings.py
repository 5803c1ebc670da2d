"""Which settings the side port has."""

from pydantic import BaseModel, ConfigDict, Field


class SideSettings(BaseModel):
    """The HTTP port for metrics and status. It listens on loopback only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = Field(default=True, description="Serve /metrics, /healthz, /readyz and /status on loopback.")
    port: int = Field(
        default=0, ge=0, le=65535, description="Port to listen on; 0, or one that is taken: any free port."
    )
