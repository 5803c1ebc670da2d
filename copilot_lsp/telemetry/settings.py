"""Which telemetry settings there are."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Level = Literal["debug", "info", "warning", "error"]


class TelemetrySettings(BaseModel):
    """What is logged, and whether anything is sent to a collector. Nothing is by default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    log_level: Level = Field(default="info", description="The least important log lines that go to the log file.")
    log_file: str = Field(
        default="",
        description='File for JSON log lines; empty: none; "default": one in the user\'s folder for logs.',
        json_schema_extra={"sensitive": True},
    )
    otlp_endpoint: str = Field(
        default="",
        description="Base URL of an OpenTelemetry collector for spans; needs the extra [otel]; empty: none.",
        json_schema_extra={"sensitive": True},
    )
