"""Which pieces of code did the user edit lately, each before and after, with the code around it?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import tree_sitter

from copilot_lsp.agents.next_edits.history import Hunk, Past
from copilot_lsp.agents.next_edits.template import Sample
from copilot_lsp.agents.next_edits.tokens import changed_tokens, tokens
from copilot_lsp.syntax.tree import SyntaxTree

# A change together with what it belongs to: further out, code has nothing to do with it any more.
_LEVELS = 6
_TOKENS = 60
_TEXT = 400


@dataclass(frozen=True, slots=True)
class Level:
    """A syntax node that holds a change: its type, its parent's, and its code before and after. `leaf`: one token."""

    kind: str
    parent: str
    leaf: bool
    sample: Sample


@dataclass(frozen=True, slots=True)
class Edited:
    """One place that the user edited, as the nodes around it, the smallest first. `start` and `end` are those of the
    changed tokens in the old text, and `now` is where they are in the present one."""

    start: int
    end: int
    now: Hunk
    levels: tuple[Level, ...]


class _Change(NamedTuple):
    """Tokens that changed, within a hunk of the history that may have changed blanks as well."""

    tokens: Hunk
    hunk: Hunk


def edited(past: Past) -> list[Edited]:
    """The places that were edited since a past, in reading order; changes on one line are one."""
    tree = past.tree
    if tree is None:
        return []
    changes = [_Change(small, hunk) for hunk in past.hunks for small in changed_tokens(past, hunk)]
    found: list[Edited] = []
    for group in _groups(past, changes):
        first, last = group[0].tokens, group[-1].tokens
        whole = Hunk(first.start, last.end, first.now_start, last.now_end)
        mine = frozenset(one.hunk for one in group)
        levels = [level for node in _nodes(past, tree, whole) if (level := _level(past, node, mine))]
        if levels:
            found.append(Edited(whole.start, whole.end, whole, tuple(levels)))
    return found


def _groups(past: Past, changes: list[_Change]) -> Iterator[list[_Change]]:
    """Changes that belong together: on one line, as the two ends of what was wrapped."""
    group: list[_Change] = []
    for change in changes:
        if group and "\n" in past.text[group[-1].tokens.end : change.tokens.start]:
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _nodes(past: Past, tree: SyntaxTree, whole: Hunk) -> list[tree_sitter.Node]:
    """The nodes around a change, the smallest first, none of them longer than a line; for what was put between two
    tokens the nodes around each of them."""
    index = tree.offsets.index
    start, end = tree.offsets.byte_at(whole.start), tree.offsets.byte_at(whole.end)
    beside = [(start, end)] if start < end else [(start, start + 1), (max(0, start - 1), start)]
    found: dict[tuple[int, int, str], tree_sitter.Node] = {}
    for low, high in beside:
        node = tree.root.named_descendant_for_byte_range(low, high)
        for _ in range(_LEVELS):
            if node is None or node.parent is None:
                break
            text = past.text[index(node.start_byte) : index(node.end_byte)]
            if len(text) > _TEXT or "\n" in text.strip():
                break
            found.setdefault((node.start_byte, node.end_byte, node.type), node)
            node = node.parent
    return sorted(found.values(), key=lambda node: node.end_byte - node.start_byte)


def _level(past: Past, node: tree_sitter.Node, mine: frozenset[Hunk]) -> Level | None:
    """One node with its code before and after; None where that is not on one line, or not all of the change."""
    assert past.tree is not None
    low, high = (past.tree.offsets.index(byte) for byte in (node.start_byte, node.end_byte))
    now_low, now_high = low, high
    for hunk in past.hunks:
        if hunk in mine and not (low <= hunk.start and hunk.end <= high):
            return None
        if hunk.end < low or (hunk.end == low and hunk not in mine):
            now_low += hunk.grown
            now_high += hunk.grown
        elif hunk.start < high or (hunk.start == high and hunk in mine):
            now_high += hunk.grown
    text = past.now.document.text
    if "\n" in text[now_low:now_high]:
        return None
    before, after = tokens(past.text, low, high), tokens(text, now_low, now_high)
    if not before or max(len(before), len(after)) > _TOKENS:
        return None
    parent = node.parent.type if node.parent else ""
    return Level(node.type, parent, not node.child_count, Sample(tuple(before), tuple(after), text))
