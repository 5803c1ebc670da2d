"""Which model endpoints there are, how they are reached, and how long each step may take."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

_SENSITIVE = {"sensitive": True}
Seconds = Annotated[float, Field(gt=0, le=3600)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Deadlines(_Frozen):
    """How many seconds each step of a request may take, whatever the server does."""

    connect: Seconds = Field(default=1.0, description="To open a connection.")
    first_token: Seconds = Field(default=30.0, description="From a request to the first piece of its answer.")
    between_tokens: Seconds = Field(default=10.0, description="From one piece of the answer to the next.")
    total: Seconds = Field(default=120.0, description="For a whole answer.")
    load: Seconds = Field(default=300.0, description="For a server to load a model.")


class EndpointSettings(_Frozen):
    """One model server."""

    backend: str = Field(default="openai_compatible", description="ollama, openai_compatible or scripted.")
    url: str = Field(default="", description="Where it is, http or https; empty means the backend's usual place.")
    complete_model: str = Field(default="", description="Model that fills in code; empty means the smallest that can.")
    chat_model: str = Field(default="", description="Model that explains; empty means the one that completes.")
    embed_model: str = Field(default="", description="Model for search vectors; empty means a model made for that.")
    template: str = Field(default="", description="Fill-in-the-middle template; empty means by the model's name.")
    context: int = Field(default=0, ge=0, description="Tokens that a model can read; 0 means what the server says.")
    api_key_env: str = Field(default="", description="Environment variable that holds the API key.")
    api_key_file: str = Field(default="", description="File that holds the API key, readable by you only.")
    cloud: bool = Field(default=False, description="Allow models that a local server sends on to another machine.")
    keep_loaded: int = Field(default=1800, ge=0, description="Seconds that Ollama keeps an idle model in memory.")
    script: str = Field(default="", description="File with the replies of a scripted endpoint, as JSON.")
    deadlines: Deadlines = Field(default=Deadlines(), description="Time limits.")

    @field_validator("url")
    @classmethod
    def _checked(cls, url: str) -> str:
        if not url:
            return url
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be a URL that begins with http:// or https:// and names a host")
        if parts.username or parts.password:
            raise ValueError("must not hold a user name or password; use api_key_env or api_key_file")
        if parts.query or parts.fragment:
            raise ValueError("must not hold a query or a fragment")
        return url.rstrip("/")


class ProviderSettings(_Frozen):
    """Model endpoints, tried in their order; without one, a local Ollama is looked for."""

    endpoints: dict[str, EndpointSettings] = Field(
        default_factory=dict[str, EndpointSettings],
        description="Model servers by a name of your choice; the first that can do a task gets it.",
        json_schema_extra={**_SENSITIVE},
    )
    local_ollama: str = Field(
        default="http://127.0.0.1:11434",
        description="Where to look for Ollama when no endpoint is set; empty means not to look.",
        json_schema_extra={**_SENSITIVE},
    )
