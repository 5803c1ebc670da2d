"""What becomes of suggestions: what the server and the editors tell of them, in the words of the protocol.

`shown`, `accepted`, `partly` and `rejected` take the ids that `answered` gives out. Editors that never call them are
understood as well: from what happens to the text.
"""

from collections.abc import Sequence

from copilot_lsp.agents.learning.outcomes import Outcomes
from copilot_lsp.agents.learning.suggestion import Surface
from copilot_lsp.agents.view import View
from copilot_lsp.core.fill import Fill
from copilot_lsp.core.text import Position


def answered(
    outcomes: Outcomes, view: View, position: Position, fills: Sequence[Fill], surface: Surface = "inline"
) -> tuple[str, ...]:
    """Fills that go to the client now, best first; also when there are none. The answer is an id for each.

    It is empty where nothing is learned, or where the document has changed since the view was taken.
    """
    if not view.settings.learning.enabled:
        return ()
    return outcomes.answered(view.document, view.document.clamp(position), fills, surface)


def shown(outcomes: Outcomes, name: str) -> None:
    """The editor says that the suggestion is on the screen."""
    outcomes.shown(name)


def accepted(outcomes: Outcomes, name: str) -> None:
    """The editor says that the suggestion was accepted as a whole."""
    outcomes.accepted(name)


def partly(outcomes: Outcomes, name: str, length: int) -> None:
    """The editor says that the first `length` characters of what was shown last were accepted."""
    outcomes.partly(name, length)


def rejected(outcomes: Outcomes, name: str) -> None:
    """The editor says that the person dismissed the suggestion."""
    outcomes.rejected(name)
