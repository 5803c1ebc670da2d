"""What an agent says while it works."""

from dataclasses import dataclass

from copilot_lsp.agents.request import NextEdit
from copilot_lsp.core.fill import Fill


@dataclass(frozen=True, slots=True)
class TextEvent:
    """The next piece of a text that a model is writing."""

    text: str


@dataclass(frozen=True, slots=True)
class FillsEvent:
    """Fills that are known now, before the agent is done."""

    fills: tuple[Fill, ...]


@dataclass(frozen=True, slots=True)
class NextEditsEvent:
    """Next edits that are known now, before a model has said more."""

    edits: tuple[NextEdit, ...]


@dataclass(frozen=True, slots=True)
class ProgressEvent:
    """How far a long task is: a short message, and a percentage where it is known."""

    message: str
    percent: int | None = None


Event = TextEvent | FillsEvent | NextEditsEvent | ProgressEvent
