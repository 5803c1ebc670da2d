"""How many syntax errors would a document have with another text in one place?"""

import asyncio
import time
from collections.abc import Sequence

import tree_sitter

from copilot_lsp.core.document import Document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.errors import Superseded
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax import queries
from copilot_lsp.syntax.balance import Balance, balance, balance_of_long, closing, left_open
from copilot_lsp.syntax.excerpt import ends_at, excerpt
from copilot_lsp.syntax.faults import Shape, common, count_errors, errors_of, shape
from copilot_lsp.syntax.language import Language
from copilot_lsp.syntax.limits import Limits, fits, survives
from copilot_lsp.syntax.live import LiveTree, edited
from copilot_lsp.syntax.offsets import Offsets
from copilot_lsp.syntax.slices import Stopped, parse_slice
from copilot_lsp.syntax.tree import SyntaxTree
from copilot_lsp.syntax.turns import turn

# So long is parsed for all texts of a trial, because a person waits. An excerpt takes a fifth of a millisecond; only
# where a document has errors of its own around the place, and never had none, is there more to parse.
_SECONDS = 0.06
# So many characters are parsed in 2 ms; an excerpt that is longer may be shorter by another tree.
_SHORT = 20_000
# Less than a document's own slices: what a completion does besides falls into the same turns of the loop.
_SLICE = 0.0015
# How a line may go on that is right and not at its end, behind itself and behind all brackets: in languages that tell
# blocks by their indentation, and in others.
_INDENTED = (("", ""), (" x", ""), ("", ":"))
_BRACKETED = (("", ""), (" x", ""), (" x;", ""), (" {}", ""))


class Trial:
    """Tries texts in place of one span of one version of a document; the text "" stands for the document as it is.

    What is parsed is an excerpt, in slices between which the event loop runs: an error far away, as in what a grammar
    does not know, is the same with any text. `document` and `span` are those of the excerpt. `trees` are those that
    tell what may be left out, the document's newest last.
    """

    def __init__(self, limits: Limits, trees: Sequence[SyntaxTree], document: Document, span: Span) -> None:
        begin = time.thread_time()
        self.document, self.span = _shortest(trees, document, span)
        self.language: Language = trees[-1].language
        self._whole, self._place, self._latest = document, span, trees[-1]
        self._limits = limits
        self._known: dict[tuple[Edit, ...], SyntaxTree | None] = {}
        self._left = _SECONDS
        self._held = time.thread_time() - begin
        self._around: tuple[Balance, Balance] | None = None
        self._common: frozenset[Shape] | None = None
        last = self.span.end.line
        self._below = self.document.text[self.document.starts[last] + len(self.document.line(last)) :]
        self._ends_here = ends_at(document, span.end)

    async def tree(self, text: str) -> SyntaxTree | None:
        """The tree of the excerpt with this text; None when that takes too long or would crash the grammar."""
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
        closed = await self._closed(text)
        return None if closed is None else count_errors(closed.root)

    async def raises(self, text: str) -> bool | None:
        """Whether there are more errors with this text than without it; None as for `tree`.

        What does not raise their number in the document as it stands is right, and so is what does not do so in one
        that is taken as closed, with a text that may go on: a line can end behind an operator or before a block.
        """
        whole = await self._whole_errors(text)
        base = await self._whole_errors("") if whole else 0
        if whole is None or base is None:
            return None
        if not whole or (whole <= base and not await self._is_faulty(text) and not await self._raises_in_all(text)):
            return False
        if not await self._is_unfinished():
            return True
        closed = await self._closed("")
        ways = _INDENTED if self.language.indented else _BRACKETED
        for behind, at_end in ways if self._ends_here else ways[:1]:
            tree = await self._closed(text, behind, at_end)
            fits_in = tree is not None and closed is not None and count_errors(tree.root) <= count_errors(closed.root)
            if fits_in and tree is not None and not self._has_own(tree, text):
                return False
        return True

    async def _whole_errors(self, text: str) -> int | None:
        tree = await self.tree(text)
        return None if tree is None else count_errors(tree.root)

    async def _raises_in_all(self, text: str) -> bool:
        """Whether there are more errors in the whole document with a text, as far as there is time to tell.

        Asked where errors are left: how far one reaches depends on what follows, which an excerpt leaves out.
        """
        if self.document is self._whole:
            return False
        if self._latest.document is self._whole:
            before = count_errors(self._latest.root)
        else:
            before = await self._errors_in(self._whole)
        after = await self._errors_in(self._whole.replaced([Edit(self._place, text)], 0))
        return before is not None and after is not None and after > before

    async def _errors_in(self, document: Document) -> int | None:
        tree = await self._parse(document, self._latest)
        errors = None if tree is None else count_errors(tree.root)
        # The tree of 5,000 lines takes 3 ms to be freed: no other step is in the same turn of the loop.
        del tree
        await asyncio.sleep(0)
        return errors

    async def _is_faulty(self, text: str) -> bool:
        """Whether a text leaves errors in its own lines, and not because the line goes on."""
        return await self._is_wrong(text) and not await self._goes_on(text)

    async def _goes_on(self, text: str) -> bool:
        """Whether a line with an error in it has none once its brackets are closed, or it goes on."""
        inner = closing(balance(self._line(text), self.language).opens)
        for behind, at_end in _INDENTED if self.language.indented else _BRACKETED:
            if not await self._is_wrong(f"{text}{behind}{inner}{at_end}"):
                return True
        return False

    async def _is_wrong(self, text: str) -> bool:
        """Whether the lines of a text have an error for themselves, which they do not share with others.

        An error that is made in many places of the document is none: so it is wherever a grammar is out of date.
        """
        tree = await self.tree(text)
        return tree is None or self._has_own(tree, text)

    def _has_own(self, tree: SyntaxTree, text: str) -> bool:
        """The same in a tree with this text."""
        first = self.span.start.line
        lines = range(first - 1, first + text.count("\n") + 2)
        within = (one for one in errors_of(tree.root) if _touches(one, lines[1:-1]))
        own = [shape(one) for one in within if one.start_point[0] in lines and one.end_point[0] in lines]
        if own and self._common is None:
            self._common = common(self._latest.root)
        return bool(own) and self._common is not None and not self._common.issuperset(own)

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
        closed = await self._closed("")
        return closed is not None and count_errors(closed.root) < whole

    async def _closed(self, text: str, behind: str = "", at_end: str = "") -> SyntaxTree | None:
        """The tree with this text and `behind` it when all that is open is closed after its line, and `at_end`."""
        above, below = await self._balances()
        line = balance(self._line(text), self.language)
        outer = closing(left_open(left_open(above.opens, line.closes), below.closes))
        # What the text itself opens in the middle of a file has to be closed by what follows there.
        inner = closing(line.opens) if self._ends_here else ""
        last = self.span.end.line
        end = Position(last, len(self.document.line(last)))
        close = Edit(Span(end, end), f"{behind}{inner}\n{outer}{at_end}")
        return await self._tree((close, *self._edits(text)))

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
            document = self.document.replaced(edits, self.document.version) if edits else self.document
            self._known[edits] = await self._parse(document)
        return self._known[edits]

    async def _parse(self, document: Document, like: SyntaxTree | None = None) -> SyntaxTree | None:
        """The tree of a document, built on one that is there when that is `like` it."""
        if not fits(document, self._limits) or not survives(self.language, document.text):
            return None
        target = Offsets(document)
        old = like and edited(like.tree, like.offsets.source, target.source)
        parser = tree_sitter.Parser(queries.grammar(self.language))
        while self._left > 0:
            async with turn():
                begin = time.thread_time()
                found = parse_slice(parser, target.source, old, _SLICE, self._limits.stuck)
                took = time.thread_time() - begin
                self._left -= took
                self._held += took
                if found is Stopped.PAUSED or self._held > _SLICE:
                    # Several short texts are as long as one that takes a slice.
                    self._held = 0.0
                    await asyncio.sleep(0)
            if found is Stopped.STUCK:
                return None
            if found is not Stopped.PAUSED:
                return SyntaxTree(document, self.language, found, target)
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
    if live.latest is None:
        return None
    # What led here took its time, and what is left out is looked for in one go.
    await asyncio.sleep(0)
    trees = (live.latest,) if live.sound is None or live.sound is live.latest else (live.sound, live.latest)
    return Trial(live.limits, trees, document, span)


def _shortest(trees: Sequence[SyntaxTree], document: Document, span: Span) -> tuple[Document, Span]:
    """The excerpt by the first of some trees by which it is short, else the shortest."""
    found = excerpt(trees[0], document, span)
    for tree in trees[1:]:
        if len(found[0].text) > _SHORT:
            found = min(found, excerpt(tree, document, span), key=lambda one: len(one[0].text))
    return found


def _touches(node: tree_sitter.Node, lines: range) -> bool:
    return node.start_point[0] < lines.stop and node.end_point[0] >= lines.start
