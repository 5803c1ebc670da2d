"""What did the user's recent edits make of a document, and what was it before each of them?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from copilot_lsp.agents.view import RecentEdit
from copilot_lsp.syntax.reparse import Replacement, reparsed
from copilot_lsp.syntax.tree import SyntaxTree

# Edits before these say little about what the user is doing now.
STEPS = 12


@dataclass(frozen=True, slots=True)
class Hunk:
    """A stretch of the old text and what stands there now, as offsets in both."""

    start: int
    end: int
    now_start: int
    now_end: int

    @property
    def grown(self) -> int:
        return (self.now_end - self.now_start) - (self.end - self.start)


@dataclass(frozen=True)
class Past:
    """A document as it was before one of the recent edits. `hunks` lead from it to `now`, `focus` is what that edit
    became part of."""

    now: SyntaxTree
    text: str
    hunks: tuple[Hunk, ...]
    focus: Hunk

    @cached_property
    def tree(self) -> SyntaxTree | None:
        """The tree of the old text, None where its grammar cannot take it."""
        undone = [Replacement(one.now_start, one.now_end, self.before(one)) for one in self.hunks]
        return reparsed(self.now, undone)

    def before(self, hunk: Hunk) -> str:
        return self.text[hunk.start : hunk.end]

    def after(self, hunk: Hunk) -> str:
        return self.now.document.text[hunk.now_start : hunk.now_end]

    def place(self, start: int, end: int) -> int | None:
        """Where a stretch of the old text begins now, None when some of it was changed."""
        shift = 0
        for hunk in self.hunks:
            if hunk.start >= end:
                break
            if hunk.end > start or (hunk.start == hunk.end == start):
                return None
            shift += hunk.grown
        return start + shift


def pasts(now: SyntaxTree, edits: Sequence[RecentEdit]) -> Iterator[Past]:
    """The document before its newest edit, before the two newest and so on, at most `STEPS`."""
    text = now.document.text
    hunks: tuple[Hunk, ...] = ()
    own = [one for one in edits if one.uri == now.document.uri]
    for edit in reversed(own[-STEPS:]):
        end = edit.start + len(edit.edit.text)
        if text[edit.start : end] != edit.edit.text:
            return  # a gap: what was before cannot be told
        text = text[: edit.start] + edit.before + text[end:]
        hunks, focus = _preceded(hunks, edit)
        if focus is not None:
            yield Past(now, text, hunks, focus)


def _preceded(hunks: tuple[Hunk, ...], edit: RecentEdit) -> tuple[tuple[Hunk, ...], Hunk | None]:
    """The hunks from the text before an edit, given those from the text after it; and the one the edit is in.

    None where the edit has been undone by later ones.
    """
    low, high = edit.start, edit.start + len(edit.edit.text)
    touched = [one for one in hunks if one.start <= high and one.end >= low]
    first = min([low, *(one.start for one in touched)])
    last = max([high, *(one.end for one in touched)])
    grown = len(edit.edit.text) - len(edit.before)
    shift = sum(one.grown for one in hunks if one.end < first)
    inner = sum(one.grown for one in touched)
    focus = Hunk(first, last - grown, first + shift, last + shift + inner)
    others = [
        one if one.start < first else Hunk(one.start - grown, one.end - grown, one.now_start, one.now_end)
        for one in hunks
        if one not in touched
    ]
    empty = focus.start == focus.end and focus.now_start == focus.now_end
    merged = others if empty else sorted([*others, focus], key=lambda one: one.start)
    return tuple(merged), None if empty else focus
