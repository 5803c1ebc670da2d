"""Which documents has the client open, and what is their text now?

Changes are applied as they arrive, in order, whatever version number they carry: LSP's order is what counts. What does
not fit (a change of a document that is not open, a second opening) is logged and leaves a state that makes sense.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.lsp.convert import Encoding, clean, edit_of
from copilot_lsp.lsp.edits import Edits

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

# A document, an edit of it, and the document after that.
Step = tuple[Document, Edit, Document]


class Documents:
    """The open documents of one session."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding: Encoding = encoding
        self.changes = Edits()
        # What the last change of a document was made of.
        self.steps: tuple[Step, ...] = ()
        self._open: dict[str, Document] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter(tuple(self._open.values()))

    def __len__(self) -> int:
        return len(self._open)

    def get(self, uri: str) -> Document | None:
        return self._open.get(uri)

    def open(self, item: Mapping[str, Any]) -> Document:
        """A TextDocumentItem. Raises ValueError or LookupError when it is none."""
        uri, text, version = item["uri"], item["text"], item.get("version")
        if not isinstance(uri, str) or not isinstance(text, str):
            raise ValueError("a document needs a uri and a text")
        if uri in self._open:
            log.info("a document was opened a second time; its newer text is used")
            self.changes.forget(uri)
        language = str(item.get("languageId") or "plaintext")
        opened = document(uri, clean(text), language, version if isinstance(version, int) else 0)
        self._open[uri] = opened
        return opened

    def change(self, identifier: Mapping[str, Any], changes: "Sequence[Mapping[str, Any]]", at: float) -> Document:
        """The content changes of a didChange, all of them or none.

        Raises ValueError, TypeError or LookupError when they cannot be applied.
        """
        uri, version = identifier["uri"], identifier.get("version")
        before = current = self._open[uri]
        number = version if isinstance(version, int) else before.version + 1
        steps: list[Step] = []
        for change in changes:
            edit = edit_of(current, change, self.encoding)
            after = current.replaced((edit,), number)
            steps.append((current, edit, after))
            current = after
        for text, edit, _ in steps:
            self.changes.add(text, edit, at)
        self.steps = tuple(steps)
        self._open[uri] = current
        return current

    def relabel(self, uri: str, language: str) -> Document:
        """The document under the language id that the grammars know."""
        renamed = self._open[uri] = replace(self._open[uri], language=language)
        return renamed

    def close(self, uri: str) -> bool:
        """Forget a document. False when it was not open."""
        self.changes.forget(uri)
        return self._open.pop(uri, None) is not None
