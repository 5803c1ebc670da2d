"""The contract of an agent: one file in `roles/` that exports one `AGENT`.

An agent is a name and a coroutine function. It gets a `Job` (what is asked, an immutable view, how long it may take,
where to send events), returns the answer, and records its decisions. It owns nothing: no session, no document, no
connection. Cancellation arrives as `CancelledError` at its awaits and must pass through.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from copilot_lsp.agents.events import Event
from copilot_lsp.agents.request import Request
from copilot_lsp.core import registry
from copilot_lsp.core.budget import Budget

if TYPE_CHECKING:
    from copilot_lsp.agents.view import View

Q = TypeVar("Q", bound=Request[Any])
Emit = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Job(Generic[Q]):
    """One task as its agent sees it."""

    request: Q
    view: "View"
    budget: Budget
    emit: Emit


@dataclass(frozen=True, slots=True)
class Agent(Generic[Q]):
    """`needs` says which parts of the view the agent reads: "syntax", "index", "recall", "model"."""

    name: str
    needs: frozenset[str]
    run: Callable[[Job[Q]], Awaitable[object]]


def load_agent(name: str) -> Agent[Any]:
    """The agent of that name, imported at first use. Raises LookupError when there is none."""
    return cast("Agent[Any]", registry.load("role", name))


def ignore(event: Event) -> None:
    """The `emit` of a caller that only wants the answer."""
