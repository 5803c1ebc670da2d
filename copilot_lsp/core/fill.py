"""What a completion asks of anyone who can complete, a model or the embedded engine."""

from dataclasses import dataclass, field

from copilot_lsp.core.document import Document
from copilot_lsp.core.text import Span


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one document that is embedded, retrieved and shown to a model as a whole.

    `path` is relative to the workspace with forward slashes. `score` orders chunks of one answer, higher first.
    `reason` says in a few words why it was retrieved ("imported here", "same folder", "similar text").
    """

    uri: str
    path: str
    span: Span
    text: str
    name: str = ""
    score: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FillLimits:
    """How much may be filled in. `lines` 1 means: the rest of the line only; `temperature` 0: what is likeliest.

    `suffix` is how many tokens of the text behind the cursor are worth reading with every key that is typed.
    """

    tokens: int = 96
    lines: int = 1
    alternatives: int = 1
    temperature: float = 0.0
    suffix: int = 384


@dataclass(frozen=True, slots=True)
class FillRequest:
    """Replace `span` of `document` (empty: insert at the cursor), knowing the text on both sides and the `chunks`."""

    document: Document
    span: Span
    chunks: tuple[Chunk, ...] = ()
    limits: FillLimits = field(default_factory=FillLimits)

    @property
    def prefix(self) -> str:
        return self.document.text[: self.document.offset(self.span.start)]

    @property
    def suffix(self) -> str:
        return self.document.text[self.document.offset(self.span.end) :]


@dataclass(frozen=True, slots=True)
class Fill:
    """One proposed filling: `text` replaces `span`. `confidence` is 0 to 1, `source` names the engine or model."""

    span: Span
    text: str
    confidence: float
    source: str
