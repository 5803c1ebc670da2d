"""The tokens of one open document, brought up to date when somebody needs them."""

from dataclasses import dataclass

from copilot_lsp.core.document import Document
from copilot_lsp.recall.tokens import Tokens, settle


@dataclass(slots=True, eq=False)
class LiveTokens:
    """Keystrokes cost nothing here: a request lexes what changed since the last one. `known` may be an older
    version's."""

    known: Tokens | None = None

    async def settle(self, document: Document) -> Tokens:
        """The tokens of exactly this document, made in slices that give way to the event loop."""
        tokens = await settle(document, self.known)
        if self.known is None or self.known.document.version <= document.version:
            self.known = tokens
        return tokens
