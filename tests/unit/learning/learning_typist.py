"""A session's outcomes without a session: a document that is typed in, a clock that the test moves."""

from dataclasses import dataclass, field

from copilot_lsp.agents.learning.journal import Journal
from copilot_lsp.agents.learning.outcomes import Outcomes
from copilot_lsp.agents.learning.suggestion import Outcome, Surface, Verdict
from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.fill import Fill
from copilot_lsp.core.text import Span

URI = "file:///work/a.py"


@dataclass
class Typist:
    """One document and what is suggested in it; the cursor is where "|" stood in the first text, then behind what was
    typed.
    """

    journal: Journal
    now: float = 1000.0
    documents: dict[str, Document] = field(default_factory=dict)
    cursor: int = 0
    warned: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.outcomes = Outcomes(self.journal, self.documents.get, self.warned.append, lambda: self.now)

    def open(self, marked: str) -> None:
        self.cursor = marked.index("|")
        self.documents[URI] = document(URI, marked.replace("|", ""), "python", 1)

    @property
    def document(self) -> Document:
        return self.documents[URI]

    @property
    def text(self) -> str:
        return self.document.text

    def suggest(
        self, *texts: str, surface: Surface = "inline", confidence: float = 0.5, source: str = "recall"
    ) -> tuple[str, ...]:
        """Suggestions are shown at the cursor, and read for a second."""
        place = self.document.position(self.cursor)
        fills = [Fill(Span(place, place), text, confidence, source) for text in texts]
        names = self.outcomes.answered(self.document, place, fills, surface)
        self.now += 1.0
        return names

    def put(self, text: str, delete: int = 0) -> None:
        """One change at the cursor."""
        before = self.document
        span = Span(before.position(self.cursor - delete), before.position(self.cursor))
        after = self.documents[URI] = before.replaced([Edit(span, text)], before.version + 1)
        self.cursor += len(text) - delete
        self.outcomes.changed(before, Edit(span, text), after)

    def type(self, text: str) -> None:
        """Key by key."""
        for key in text:
            self.put(key)
            self.now += 0.1

    def go(self, text: str) -> None:
        """To behind a text."""
        self.cursor = self.text.index(text) + len(text)

    @property
    def noted(self) -> list[Outcome]:
        """What waits to be written, in the order in which it was shown."""
        return sorted(self.journal.waiting, key=lambda one: one.at)

    @property
    def verdicts(self) -> list[Verdict]:
        return [one.verdict for one in self.noted]
