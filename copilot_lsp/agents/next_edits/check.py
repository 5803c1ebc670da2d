"""Would what is offered leave the text in order?"""

from collections.abc import Iterable, Iterator
from itertools import groupby

from copilot_lsp.agents.next_edits.scene import Scene
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.core.document import Document
from copilot_lsp.syntax.reparse import Replacement, faults, reparsed


def sound(scene: Scene, edits: Iterable[NextEdit]) -> Iterator[NextEdit]:
    """The edits without those that would raise the number of syntax errors; what follows from one cause in one
    document is judged together.

    A name in the place of a name breaks nothing, so renames are not tried: that would take 5 ms in 5,000 lines.
    """
    ordered = sorted(edits, key=lambda one: (one.uri, one.reason, one.span))
    for (uri, _), group in groupby(ordered, key=lambda one: (one.uri, one.reason)):
        same = list(group)
        tree = scene.trees.get(uri)
        if tree is None or same[0].kind == "rename":
            yield from same
            continue
        after = reparsed(tree, [replacement(tree.document, one) for one in same if one.text is not None])
        if after is not None and faults(after) <= faults(tree):
            yield from same


def replacement(document: Document, edit: NextEdit) -> Replacement:
    start, end = document.offset(edit.span.start), document.offset(edit.span.end)
    return Replacement(start, end, edit.text or "")
