"""The user took away, put on or changed the same beginning or end of two names: which other names have it?"""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from copilot_lsp.agents.next_edits.history import Past
from copilot_lsp.agents.next_edits.samples import Edited, Level
from copilot_lsp.agents.next_edits.scene import Cause, Scene
from copilot_lsp.agents.next_edits.tokens import NAME
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.syntax.offsets import encode
from copilot_lsp.syntax.tree import SyntaxTree
from copilot_lsp.syntax.uses import is_name

# What is shorter begins or ends too many names by chance.
_SHORTEST = 3
_OFFERED = 12
_CONFIDENCE = 0.7


class Affix(NamedTuple):
    """`old` becomes `new` at the end of names, else at their beginning, in nodes of one type."""

    old: str
    new: str
    at_end: bool
    kind: str


def shared_affix(one: Edited, other: Edited) -> Affix | None:
    """What two edits of single names have in common besides the names."""
    first, second = _single(one), _single(other)
    if first is None or second is None or first.kind != second.kind:
        return None
    names = [(level.sample.before[0].text, level.sample.after[0].text) for level in (first, second)]
    if names[0][0] == names[1][0]:
        return None
    for at_end in (True, False):
        parts = {_parted(*pair, at_end=at_end) for pair in names}
        old, new = parts.pop()
        if not parts and len(old) >= _SHORTEST:
            return Affix(old, new, at_end, first.kind)
    return None


def affixed(scene: Scene, past: Past, affix: Affix) -> Iterator[NextEdit]:
    """The names that still have it, each as it should be, in the document that was edited."""
    tree = past.now
    cause = Cause("pattern", f"the same edit again: `{affix.old}` becomes `{affix.new}`" if affix.new else _gone(affix))
    cursor = tree.offsets.byte(scene.cursor) if tree.document is scene.document else 0
    found = sorted(_places(tree, affix), key=lambda span: (span[0] < cursor, span[0]))
    known = {tree.offsets.text(start, end) for start, end in found}
    for start, end in found[:_OFFERED]:
        low, high = tree.offsets.index(start), tree.offsets.index(end)
        if any(one.now_start <= high and one.now_end >= low for one in past.hunks):
            continue
        name = tree.document.text[low:high]
        new = name[: len(name) - len(affix.old)] + affix.new if affix.at_end else affix.new + name[len(affix.old) :]
        if NAME.fullmatch(new) and new not in known:
            yield cause.edit(tree.document, low, high, new, _CONFIDENCE)


def _single(edited: Edited) -> Level | None:
    """The level at which an edit is one name in the place of another."""
    for level in edited.levels:
        before, after = level.sample.before, level.sample.after
        if level.leaf and len(before) == len(after) == 1:
            return level if NAME.fullmatch(before[0].text) and NAME.fullmatch(after[0].text) else None
    return None


def _parted(before: str, after: str, *, at_end: bool) -> tuple[str, str]:
    """What differs of two names behind what they begin with alike, or before what they end with alike."""
    if at_end:
        size = _alike(before, after)
        return before[size:], after[size:]
    size = _alike(before[::-1], after[::-1])
    return before[: len(before) - size], after[: len(after) - size]


def _alike(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _places(tree: SyntaxTree, affix: Affix) -> Iterator[tuple[int, int]]:
    word = re.escape(encode(affix.old))
    pattern = rb"\w+" + word + rb"(?!\w)" if affix.at_end else rb"(?<!\w)" + word + rb"\w+"
    for match in re.finditer(pattern, tree.offsets.source):
        node = tree.root.descendant_for_byte_range(*match.span())
        if node and (node.start_byte, node.end_byte) == match.span() and node.type == affix.kind and is_name(node):
            yield match.span()


def _gone(affix: Affix) -> str:
    return f"the same edit again: `{affix.old}` goes"
