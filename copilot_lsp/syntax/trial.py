"""How many syntax errors would a document have with another text in one place?"""

import asyncio
import time
from collections.abc import Iterator

import tree_sitter

from copilot_lsp.core.document import Document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.errors import Superseded
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax import queries
from copilot_lsp.syntax.balance import Balance, balance, balance_of_long, closing, left_open
from copilot_lsp.syntax.language import Language
from copilot_lsp.syntax.limits import fits, survives
from copilot_lsp.syntax.live import LiveTree, edited, turn
from copilot_lsp.syntax.offsets import Offsets
from copilot_lsp.syntax.slices import Stopped, parse_slice
from copilot_lsp.syntax.tree import SyntaxTree

# A text with an open bracket or quote makes the parser try out the whole rest of the file: 20 ms in 5,000 lines of
# Python, where a text that fits takes 2. So long is parsed for all texts of a trial, because a person waits: with ten
# times as long the slowest twentieth of all answers took 43 ms in place of 19.
_SECONDS = 0.005
# Less than a document's own slices: what a completion does besides falls into the same turns of the loop.
_SLICE = 0.0015
# Errors beyond this many are no longer told apart; each costs a microsecond to find.
_MOST = 2_000
# A file of so many characters, about 3,000 lines, is parsed from its beginning within that time.
_LONG = 100_000
# How a line may go on that is right and not at its end, behind itself and behind all brackets: in languages that tell
# blocks by their indentation, and in others.
_INDENTED = (("", ""), (" x", ""), ("", ":"))
_BRACKETED = (("", ""), (" x", ""), (" x;", ""), (" {}", ""))


class Trial:
    """Tries texts in place of one span of one version of a document; the text "" stands for the document as it is.

    Each text is parsed once, incrementally from a tree of any version, in slices between which the event loop runs.
    """

    def __init__(self, live: LiveTree, tree: SyntaxTree, document: Document, span: Span) -> None:
        self.document = document
        self.span = span
        self.language: Language = tree.language
        self._live = live
        self._from = tree
        self._known: dict[tuple[Edit, ...], SyntaxTree | None] = {}
        self._left = _SECONDS
        self._afresh: SyntaxTree | None = None
        self._around: tuple[Balance, Balance] | None = None
        last = span.end.line
        self._below = document.text[document.starts[last] + len(document.line(last)) :]
        self._ends_here = not any(map(str.isalnum, self._below))
        if tree.document is document:
            self._known[()] = tree

    async def tree(self, text: str) -> SyntaxTree | None:
        """The tree of the document with this text; None when that takes too long or would crash the grammar."""
        return await self._tree(self._edits(text))

    async def errors(self, text: str) -> int | None:
        """How many error and missing nodes there are with this text; None as for `tree`.

        Where the document is not complete yet, what is open at the place is taken as closed right after its line: a
        class that is being written from top to bottom would else be errors from its first line to its last, and more
        or fewer of them with every line that is right.
        """
        whole = await self._whole_errors(text)
        if not whole or not await self._is_unfinished():
            return whole
        return await self._closed_errors(text)

    async def raises(self, text: str) -> bool | None:
        """Whether there are more errors with this text than without it; None as for `tree`.

        What does not raise their number in the document as it stands is right, and so is what does not do so in one
        that is taken as closed, with a text that may go on: a line can end behind an operator or before a block.
        """
        whole = await self._whole_errors(text)
        base = await self._whole_errors("") if whole else 0
        if whole is None or base is None:
            return None
        if whole <= base and not (whole and await self._raises_whole(text)):
            return False
        if not await self._is_unfinished():
            return True
        allowed = await self._closed_errors("")
        ways = _INDENTED if self.language.indented else _BRACKETED
        for behind, at_end in ways if self._ends_here else ways[:1]:
            errors = await self._closed_errors(text, behind, at_end)
            if errors is not None and allowed is not None and errors <= allowed:
                return False
        return True

    async def _whole_errors(self, text: str) -> int | None:
        tree = await self.tree(text)
        return None if tree is None else count_errors(tree.root)

    async def _raises_whole(self, text: str) -> bool:
        """Whether a text that does not seem to raise the number of errors leaves some in its own lines, and does.

        An error of a line that is being typed must not stay in it, unless the line may go on. Where the error is a
        wider one, what an incremental parse makes of it depends on what was there before: both are parsed from their
        beginning, but for very long files.
        """
        own, wider = await self._faults(text)
        if own and not await self._goes_on(text):
            return True
        if not (own or wider) or len(self.document.text) > _LONG:
            return False
        with_it, without = await self._parse(self._edits(text), afresh=True), await self._tree_afresh()
        return with_it is None or without is None or count_errors(with_it.root) > count_errors(without.root)

    async def _goes_on(self, text: str) -> bool:
        """Whether a line with an error in it has none once its brackets are closed, or it goes on."""
        inner = closing(balance(self._line(text), self.language).opens)
        for behind, at_end in _INDENTED if self.language.indented else _BRACKETED:
            own, _ = await self._faults(f"{text}{behind}{inner}{at_end}")
            if not own:
                return True
        return False

    async def _faults(self, text: str) -> tuple[bool, bool]:
        """Whether the lines of a text have an error for themselves, and whether they share one with others."""
        tree = await self.tree(text)
        if tree is None:
            return True, False
        first = self.span.start.line
        lines = range(first - 1, first + text.count("\n") + 2)
        faults = [one for one in _errors(tree.root) if _touches(one, lines[1:-1])]
        own = [one for one in faults if one.start_point[0] in lines and one.end_point[0] in lines]
        return bool(own), len(own) < len(faults)

    async def _tree_afresh(self) -> SyntaxTree | None:
        if self._afresh is None:
            self._afresh = await self._parse((), afresh=True)
        return self._afresh

    async def _is_unfinished(self) -> bool:
        """Whether blocks are open above the place that are not closed below it, or what is typed is the last line."""
        whole = await self._whole_errors("")
        if not whole:
            return False
        above, below = await self._balances()
        now = balance(self._line(""), self.language)
        if self._ends_here:
            return True
        # In the middle of a file a block may be open for long; what else is open is so in the line that is typed. And
        # as brackets are counted without a grammar, the file has to agree.
        if set(left_open(left_open(above.opens, now.closes), below.closes)) != {"{"}:
            return False
        closed = await self._closed_errors("")
        return closed is not None and closed < whole

    async def _closed_errors(self, text: str, behind: str = "", at_end: str = "") -> int | None:
        """The errors with this text and `behind` it when all that is open is closed after its line, and `at_end`."""
        above, below = await self._balances()
        line = balance(self._line(text), self.language)
        outer = closing(left_open(left_open(above.opens, line.closes), below.closes))
        # What the text itself opens in the middle of a file has to be closed by what follows there.
        inner = closing(line.opens) if self._ends_here else ""
        last = self.span.end.line
        end = Position(last, len(self.document.line(last)))
        close = Edit(Span(end, end), f"{behind}{inner}\n{outer}{at_end}")
        tree = await self._tree((close, *self._edits(text)))
        return None if tree is None else count_errors(tree.root)

    async def _balances(self) -> tuple[Balance, Balance]:
        if self._around is None:
            above = self.document.text[: self.document.starts[self.span.start.line]]
            self._around = (
                await balance_of_long(above, self.language),
                await balance_of_long(self._below, self.language),
            )
        return self._around

    def _line(self, text: str) -> str:
        """The lines of the span with this text in its place."""
        start, end = self.span.start, self.span.end
        shown = text or self.document.slice(self.span)
        return f"{self.document.line(start.line)[: start.column]}{shown}{self.document.line(end.line)[end.column :]}"

    def _edits(self, text: str) -> tuple[Edit, ...]:
        return (Edit(self.span, text),) if text else ()

    async def _tree(self, edits: tuple[Edit, ...]) -> SyntaxTree | None:
        if edits not in self._known:
            self._known[edits] = await self._parse(edits)
        return self._known[edits]

    async def _parse(self, edits: tuple[Edit, ...], *, afresh: bool = False) -> SyntaxTree | None:
        document = self.document.replaced(edits, self.document.version) if edits else self.document
        if not fits(document, self._live.limits) or not survives(self.language, document.text):
            return None
        target = Offsets(document)
        # A text most often mends the line that is being typed: the document with it is like what it was before.
        start = (self._live.sound or self._from) if edits else self._from
        old = None if afresh else edited(start.tree, start.offsets.source, target.source)
        parser = tree_sitter.Parser(queries.grammar(self.language))
        # Comparing the texts took a millisecond, and what was done before some more.
        await asyncio.sleep(0)
        while self._left > 0:
            async with turn():
                begin = time.thread_time()
                found = parse_slice(parser, target.source, old, _SLICE, self._live.limits.stuck)
                self._left -= time.thread_time() - begin
                if found is Stopped.PAUSED:
                    await asyncio.sleep(0)
            if found is Stopped.STUCK:
                return None
            if found is not Stopped.PAUSED:
                tree = SyntaxTree(document, self.language, found, target)
                if not found.root_node.has_error:
                    self._live.sound = tree
                return tree
        return None


async def trial(live: LiveTree, document: Document, span: Span, *, patience: float) -> Trial | None:
    """A trial in one version of an open document, which need not be its newest.

    None without a grammar, and where the document's very first tree is not there within so many seconds.
    """
    if live.latest is None:
        try:
            async with asyncio.timeout(patience):
                await live.settle(live.document)
        except (TimeoutError, Superseded):
            pass
    return None if live.latest is None else Trial(live, live.latest, document, span)


def count_errors(root: tree_sitter.Node) -> int:
    """The error and missing nodes of a tree, those within others too, as far as they are worth counting."""
    return sum(1 for _ in _errors(root))


def _touches(node: tree_sitter.Node, lines: range) -> bool:
    return node.start_point[0] < lines.stop and node.end_point[0] >= lines.start


def _errors(root: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    visited = 0
    waiting = [root] if root.has_error else []
    while waiting and visited < _MOST:
        node = waiting.pop()
        visited += 1
        if node.is_error or node.is_missing:
            yield node
        waiting.extend(child for child in node.children if child.has_error)
