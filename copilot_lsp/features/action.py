"""The contract of a code action: one file in `actions/` that exports one `ACTION`.

An action says what it offers for a span (`find`, quick: it runs whenever the selection moves) and, where the edits take
time, how they are worked out once the user has chosen (`resolve`).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.view import View
from copilot_lsp.analysis.finding import Finding
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span


@dataclass(frozen=True, slots=True)
class Selection:
    """What actions are asked for: a span of the view's document, empty for a cursor."""

    pool: Pool
    view: View
    span: Span


@dataclass(frozen=True, slots=True)
class CodeAction:
    """One entry of the menu. Its effect is `edits`; or, where these are None, what `resolve_action(data)` gives.

    `command` with `position` does the same for clients that cannot resolve, and is the only effect where `data` is
    empty. `findings` are what it removes.
    """

    title: str
    kind: str
    edits: tuple[Edit, ...] | None = None
    command: str = ""
    position: Position | None = None
    findings: tuple[Finding, ...] = ()
    preferred: bool = False
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Action:
    """`kind` is an LSP code action kind. `resolve` gets the `data` of `find`, as it came back from the client."""

    name: str
    kind: str
    find: Callable[[Selection], Awaitable[tuple[CodeAction, ...]]]
    resolve: Callable[[Pool, View, Mapping[str, Any]], Awaitable[tuple[Edit, ...]]] | None = None
