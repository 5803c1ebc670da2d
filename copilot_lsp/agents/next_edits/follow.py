"""What follows from the user's recent edits, as far as syntax and symbols tell?"""

from collections.abc import Sequence

from copilot_lsp.agents.next_edits.check import sound
from copilot_lsp.agents.next_edits.fields import taken
from copilot_lsp.agents.next_edits.history import pasts
from copilot_lsp.agents.next_edits.missing import missing_imports
from copilot_lsp.agents.next_edits.pattern import patterns
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
    recent = list(dict.fromkeys(one.uri for one in reversed(scene.edits) if one.uri in scene.trees))[:_DOCUMENTS]
    for uri in recent:
        known = list(pasts(scene.trees[uri], scene.edits))
        for past in known[:_LOOKED_AT]:
            found = _offered(scene, [*renames(scene, past), *signatures(scene, past), *taken(past)])
            if found:
                return found
        if known and (found := _offered(scene, [*missing_imports(scene, known[0])])):
            return found
        if len(known) > 1 and (found := _offered(scene, patterns(scene, known[-1], known[0]))):
            return found
    return ()


def _offered(scene: Scene, found: Sequence[NextEdit]) -> tuple[NextEdit, ...]:
    return ranked(scene, sound(scene, ranked(scene, found))) if found else ()
