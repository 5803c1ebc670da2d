"""What a task sees: one immutable picture of a session, taken before the first await."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from copilot_lsp.agents.learning.learned import NOTHING_LEARNED, Learned
from copilot_lsp.core.document import Document
from copilot_lsp.core.edit import Edit
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.syntax.tree import SyntaxTree

if TYPE_CHECKING:
    from copilot_lsp.agents.projects import Project
    from copilot_lsp.agents.serving.serving import Serving
    from copilot_lsp.agents.settings import AgentSettings
    from copilot_lsp.providers.select import Models
    from copilot_lsp.recall.live import LiveTokens


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """One version of a document that is open in the session, with what is derived from it."""

    document: Document
    live: LiveTree
    tokens: "LiveTokens"


@dataclass(frozen=True, slots=True)
class RecentEdit:
    """One change that the user made, newest last in a view; keystrokes at one place are one change.

    Those of one document follow one another without a gap: undone from the last to the first they give the texts that
    there were. `start` is where one begins in the text before it and in the one after it; `at` is when the last
    keystroke of it came, on the monotonic clock.
    """

    uri: str
    edit: Edit
    start: int
    before: str
    at: float


@dataclass(frozen=True, slots=True)
class View:
    """The subject document, all open documents by URI (they shadow their files), and what may be asked.

    `at` is when it was taken, on the monotonic clock: when the message arrived that is about it.

    Invariant: a handler takes its view before the first await and never reads the session after.
    """

    document: Document
    open: Mapping[str, OpenDocument]
    project: "Project | None"
    settings: "AgentSettings"
    models: "Models"
    session: str
    serving: "Serving"
    edits: tuple[RecentEdit, ...] = field(default=())
    learned: Learned = NOTHING_LEARNED
    at: float = field(default_factory=time.monotonic)

    @property
    def subject(self) -> OpenDocument:
        return self.open[self.document.uri]

    @property
    def overlaid(self) -> frozenset[str]:
        """URIs whose on-disk text must not be retrieved: the open documents'."""
        return frozenset(self.open)

    async def tree(self) -> SyntaxTree | None:
        """The syntax tree of exactly this document, None where it has no grammar or is too big for one.

        Raises `Superseded` when the document has moved on meanwhile.
        """
        return await self.subject.live.settle(self.document)
