"""What can be asked of an agent, and what type the answer has."""

from dataclasses import dataclass, field
from typing import ClassVar, Generic, TypeVar

from copilot_lsp.analysis.finding import Finding
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.fill import Fill, FillLimits
from copilot_lsp.core.text import Position, Span

R = TypeVar("R")


class Request(Generic[R]):
    """Base of all requests: a subclass names the agent that answers it and, as R, the type of the answer."""

    agent: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Complete(Request[tuple[Fill, ...]]):
    """Fill in at a place: best first, empty when nothing is sure enough. `automatic`: the user did not ask."""

    agent: ClassVar[str] = "complete"
    position: Position
    automatic: bool = True
    limits: FillLimits = field(default_factory=FillLimits)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Markdown about one span of the document."""

    markdown: str
    span: Span


@dataclass(frozen=True, slots=True)
class Explain(Request[Explanation | None]):
    """What is at this place. With `model` a chat model may add to what syntax and symbols know; that takes seconds."""

    agent: ClassVar[str] = "explain"
    position: Position
    model: bool = False


@dataclass(frozen=True, slots=True)
class WriteDoc(Request[tuple[Edit, ...]]):
    """A doc comment for the definition around this place, in its language's convention."""

    agent: ClassVar[str] = "document"
    position: Position


@dataclass(frozen=True, slots=True)
class Diagnose(Request[tuple[Finding, ...]]):
    """Everything that is wrong in the document: syntax errors and rules."""

    agent: ClassVar[str] = "diagnose"
