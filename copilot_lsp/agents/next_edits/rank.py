"""In which order are next edits offered, and which are not?"""

from collections.abc import Iterable

from copilot_lsp.agents.next_edits.scene import Scene
from copilot_lsp.agents.request import NextEdit
from copilot_lsp.core.text import Span

# Below this a suggestion is wrong too often to interrupt anyone.
SURE = 0.5
_FIRM = 0.75
MOST = 100


def ranked(scene: Scene, found: Iterable[NextEdit]) -> tuple[NextEdit, ...]:
    """The surer of two that overlap; this document's first, the nearest after the cursor on, closed files last.

    What is the least sure, as places in documentation, comes after the rest of its document.
    """
    kept: list[NextEdit] = []
    for edit in sorted(found, key=lambda one: (one.uri, one.span, -one.confidence)):
        if edit.confidence < SURE:
            continue
        if not kept or not _clash(edit, kept[-1]):
            kept.append(edit)
        elif edit.confidence > kept[-1].confidence:
            kept[-1] = edit
    here = scene.document.uri
    documents = list(scene.trees)

    def order(edit: NextEdit) -> tuple[int, int, bool, bool, str, Span]:
        place = 0 if edit.uri == here else 1 if edit.uri in scene.trees else 2
        document = documents.index(edit.uri) if place < 2 else 0
        passed = place == 0 and edit.span.start < scene.cursor
        return place, document, edit.confidence < _FIRM, passed, edit.uri, edit.span

    return tuple(sorted(kept, key=order)[:MOST])


def _clash(edit: NextEdit, other: NextEdit) -> bool:
    return edit.uri == other.uri and edit.span.overlaps(other.span)
