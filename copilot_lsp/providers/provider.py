"""What every model backend offers, and what the rest of copilot-lsp may rely on.

To add a backend, write `backends/NAME.py` with a class that has the methods of `Provider`, export
`BACKEND = Backend("NAME", open=..., url=...)`, and add its fixture to `tests/contract/test_providers.py`.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from copilot_lsp.core.budget import Budget
from copilot_lsp.core.fill import FillRequest

if TYPE_CHECKING:
    from copilot_lsp.providers.settings import EndpointSettings

Capability = Literal["fim", "chat", "embed"]
Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Model:
    """One model of one endpoint.

    `context` is how many tokens prompt and answer may have together. `family` names a template of `templates.toml`;
    empty: unknown. `size` is the weights' size in bytes, 0 when the server does not say. `loaded` means that the first
    answer does not wait for the weights to be read.
    """

    name: str
    capabilities: frozenset[Capability]
    context: int
    family: str = ""
    endpoint: str = ""
    size: int = 0
    loaded: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    text: str


class Provider(Protocol):
    """One endpoint.

    Every method raises only `ProviderError`s, whose messages hold neither keys nor source text. Answers stream: close
    the generator (`contextlib.aclosing`) or cancel the task, and the connection to the server is closed at once, which
    is what makes a server stop computing. A stream that raises was incomplete: nothing of it may be applied.
    """

    @property
    def name(self) -> str:
        """The endpoint's name in the settings."""
        ...

    @property
    def url(self) -> str:
        """Where it is, fit to show; empty when it is in this process."""
        ...

    @property
    def local(self) -> bool:
        """Whether what is sent to it stays on this machine."""
        ...

    async def models(self, budget: Budget) -> tuple[Model, ...]:
        """What the endpoint offers now. Never a model that would send text on to another machine unasked."""
        ...

    async def prepare(self, model: Model, budget: Budget) -> Model:
        """Have the model loaded, and tell what is known of it then. Cancelling this never aborts the loading."""
        ...

    def complete(self, request: FillRequest, model: Model, budget: Budget) -> AsyncGenerator[str]:
        """Stream the text that belongs between the request's prefix and suffix, without control tokens.

        Of `budget.tokens` the prompt takes what the answer (`request.limits.tokens`) leaves.
        """
        ...

    def chat(self, messages: Sequence[Message], model: Model, budget: Budget) -> AsyncGenerator[str]:
        """Stream the assistant's next turn, at most `budget.tokens` tokens, without its thinking."""
        ...

    async def embed(self, texts: Sequence[str], model: Model, budget: Budget) -> list[list[float]]:
        """One vector of finite numbers per text, all of one length, in the order of the texts."""
        ...

    async def close(self) -> None:
        """Close all connections and end all tasks. Called once, last."""
        ...


@dataclass(frozen=True, slots=True)
class Backend:
    """A kind of endpoint.

    `name` is what the settings call it. `open` is quick but not for the event loop: it may read files. `url` is where
    one is unless the settings say otherwise. `remedy` says what to do when one has no model that can complete.
    """

    name: str
    open: "Callable[[str, EndpointSettings], Provider]"
    url: str = ""
    remedy: str = ""
