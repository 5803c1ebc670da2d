"""What follows from the user's recent edits, as far as syntax and symbols tell?"""

from collections.abc import Iterator

from copilot_lsp.agents.next_edits.history import Past, pasts
from copilot_lsp.agents.next_edits.rank import ranked
from copilot_lsp.agents.next_edits.rename import renames
from copilot_lsp.agents.next_edits.scene import Scene
from copilot_lsp.agents.next_edits.signature import signatures
from copilot_lsp.agents.request import NextEdit

# So many edits back, and no further, are looked at one by one: each costs some milliseconds in a long document.
_LOOKED_AT = 3
_DOCUMENTS = 2


def next_edits(scene: Scene) -> tuple[NextEdit, ...]:
    """The edits that follow, in the order in which they are offered. What the user did last counts first."""
    found: list[NextEdit] = []
    for past in _looked_at(scene):
        found = [*renames(scene, past), *signatures(scene, past)]
        if found:
            break
    return ranked(scene, found)


def _looked_at(scene: Scene) -> Iterator[Past]:
    """The last edits of the documents that were edited last, the newest first."""
    recent = list(dict.fromkeys(one.uri for one in reversed(scene.edits) if one.uri in scene.trees))[:_DOCUMENTS]
    for uri in recent:
        for count, past in enumerate(pasts(scene.trees[uri], scene.edits)):
            if count == _LOOKED_AT:
                break
            yield past
