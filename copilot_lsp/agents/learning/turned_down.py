"""Which suggestions were rejected where, so that they are not shown there again?"""

from dataclasses import dataclass, replace

from copilot_lsp.agents.learning.cut import Cut, Stretch, moved

# Places of one document that are remembered, the newest.
MOST = 50
# Whoever wrote something else has said no; whoever only went away has done so the second time.
WROTE_ELSE, WENT_AWAY = 2, 1
_NO = 2


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """A text that was rejected at an offset. It is not to be shown again when `weight` says no."""

    at: int
    text: str
    weight: int

    def covers(self, offset: int, text: str, document: str) -> bool:
        """Whether a text at an offset of the document would show the same again: all of it, or the rest behind its
        beginning.
        """
        if self.weight < _NO or offset < self.at or offset - self.at > len(self.text):
            return False
        return document[self.at : offset] + text == self.text


def noted(known: tuple[TurnedDown, ...], new: TurnedDown) -> tuple[TurnedDown, ...]:
    """With one more rejection."""
    same = next((one for one in known if (one.at, one.text) == (new.at, new.text)), None)
    others = tuple(one for one in known if one is not same)
    weight = min(_NO, new.weight + (same.weight if same else 0))
    return (*others, replace(new, weight=weight))[-MOST:]


def followed(known: tuple[TurnedDown, ...], cut: Cut) -> tuple[TurnedDown, ...]:
    """After a change of the document."""
    if all(one.at <= cut.start for one in known):
        return known
    return tuple(
        one if one.at <= cut.start else replace(one, at=moved(Stretch(one.at, one.at), cut).begin) for one in known
    )
