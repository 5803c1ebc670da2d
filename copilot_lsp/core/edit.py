"""A replacement of one span of a document by a text."""

from dataclasses import dataclass

from copilot_lsp.core.text import Span


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `span` by `text`. In a list of edits each span refers to the text after the edits before it."""

    span: Span
    text: str
