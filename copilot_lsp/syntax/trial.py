"""How many syntax errors would a document have with another text in one place?"""

import asyncio
import time

import tree_sitter

from copilot_lsp.core.document import Document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.errors import Superseded
from copilot_lsp.syntax import queries
from copilot_lsp.syntax.language import Language
from copilot_lsp.syntax.limits import Limits, fits, survives
from copilot_lsp.syntax.live import LiveTree, edited, turn
from copilot_lsp.syntax.offsets import Offsets
from copilot_lsp.syntax.slices import Stopped, parse_slice
from copilot_lsp.syntax.tree import SyntaxTree

# A text with an open bracket or quote makes the parser try out the whole rest of the file: 20 ms in 5,000 lines of
# Python, where a text that fits takes 2. What is not parsed by then is no text that fits.
_SECONDS = 0.06
# Errors beyond this many are no longer told apart; each costs a microsecond to find.
_MOST = 2_000


class Trial:
    """Tries texts in one version of a document, each by an incremental parse that starts from a tree of any version.

    Each text is parsed once, in slices between which the event loop runs.
    """

    def __init__(self, tree: SyntaxTree, document: Document, limits: Limits) -> None:
        self.document = document
        self.language: Language = tree.language
        self._from = tree
        self._limits = limits
        self._known: dict[Edit | None, SyntaxTree | None] = {}
        if tree.document is document:
            self._known[None] = tree

    async def tree(self, edit: Edit | None = None) -> SyntaxTree | None:
        """The tree of the document with this edit; None when that takes too long or would crash the grammar."""
        if edit not in self._known:
            self._known[edit] = await self._parse(edit)
        return self._known[edit]

    async def _parse(self, edit: Edit | None) -> SyntaxTree | None:
        document = self.document.replaced([edit], self.document.version) if edit else self.document
        if not fits(document, self._limits) or not survives(self.language, document.text):
            return None
        target = Offsets(document)
        start = self._known.get(None) or self._from
        old = edited(start.tree, start.offsets.source, target.source)
        parser = tree_sitter.Parser(queries.grammar(self.language))
        left = _SECONDS
        while left > 0:
            async with turn():
                begin = time.thread_time()
                found = parse_slice(parser, target.source, old, self._limits.slice, self._limits.stuck)
                left -= time.thread_time() - begin
                if found is Stopped.PAUSED:
                    await asyncio.sleep(0)
            if found is Stopped.STUCK:
                return None
            if found is not Stopped.PAUSED:
                return SyntaxTree(document, self.language, found, target)
        return None


async def trial(live: LiveTree, document: Document, *, patience: float) -> Trial | None:
    """A trial of one version of an open document, which need not be its newest.

    None without a grammar, and where the document's very first tree is not there within so many seconds.
    """
    if live.latest is None:
        try:
            async with asyncio.timeout(patience):
                await live.settle(live.document)
        except (TimeoutError, Superseded):
            pass
    return None if live.latest is None else Trial(live.latest, document, live.limits)


def count_errors(root: tree_sitter.Node) -> int:
    """The error and missing nodes of a tree, those within others too, as far as they are worth counting."""
    found, visited = 0, 0
    waiting = [root] if root.has_error else []
    while waiting and visited < _MOST:
        node = waiting.pop()
        visited += 1
        found += node.is_error or node.is_missing
        waiting.extend(child for child in node.children if child.has_error)
    return found
