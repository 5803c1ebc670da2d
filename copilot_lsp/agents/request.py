"""What can be asked of an agent, and what type the answer has."""

from dataclasses import dataclass, field
from typing import ClassVar, Generic, Literal, TypeVar

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


EditKind = Literal["rename", "signature", "pattern", "import", "model"]


@dataclass(frozen=True, slots=True)
class NextEdit:
    """What else must change after an edit: replace `span` of the document at `uri` by `text`.

    `text` None: look there, but what must be written is not known. `reason` is a phrase for people and the same for
    all places that follow from one edit; `subject` is the name that it is about, empty for a pattern. `confidence` is
    0 to 1. `version` is that of the open document which the span counts in, None for a file that is not open.
    """

    uri: str
    span: Span
    text: str | None
    reason: str
    confidence: float
    version: int | None
    kind: EditKind
    subject: str = ""


@dataclass(frozen=True, slots=True)
class NextEdits(Request[tuple[NextEdit, ...]]):
    """What must change after the user's last edits, the nearest after the place first; empty when nothing is sure.

    Other documents follow this one, closed files come last. With `model` a model may add to what syntax and symbols
    tell, which takes seconds; what is known at once is said by a `NextEditsEvent` before.
    """

    agent: ClassVar[str] = "next_edits"
    position: Position
    model: bool = False
