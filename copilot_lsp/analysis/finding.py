"""What a rule says about one place of a document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Span

SOURCE = "copilot-lsp"


class Severity(StrEnum):
    """How much a finding matters; LSP's four levels."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Fix:
    """One way to remove a finding. `preferred`: what its author would nearly always want.

    Invariant: the edits lie apart and run from the end of the document to its start, so that each span is right both
    in the text that was checked (as LSP reads them) and after the edits before it (as `Document.replaced` does).
    """

    title: str
    edits: tuple[Edit, ...]
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A message about `span`. `code` is the rule's id, which a suppression comment names; `data` is JSON-ready."""

    span: Span
    message: str
    severity: Severity
    code: str
    source: str = SOURCE
    fixes: tuple[Fix, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict[str, str])


def fix(title: str, edits: Iterable[Edit], *, preferred: bool = False) -> Fix | None:
    """A fix with its edits put in order; None when they overlap, because then no order makes them right."""
    ordered = tuple(sorted(edits, key=lambda edit: (edit.span.start, edit.span.end), reverse=True))
    for later, earlier in pairwise(ordered):
        if earlier.span.end > later.span.start:
            return None
    return Fix(title, ordered, preferred) if ordered else None
