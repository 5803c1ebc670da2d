"""What may a completion know of what became of earlier suggestions? A picture of one moment, as a view carries it."""

from dataclasses import dataclass

from copilot_lsp.agents.learning.calibrate import Calibration
from copilot_lsp.agents.learning.turned_down import TurnedDown
from copilot_lsp.core.document import Document
from copilot_lsp.core.fill import Fill
from copilot_lsp.recall.settings import RecallSettings

_NOTHING = Calibration()
# The thresholds of the embedded engine, and what they are where nobody has set them.
_THRESHOLDS: dict[str, float] = {
    name: RecallSettings.model_fields[name].default for name in ("confidence", "agreement")
}


@dataclass(frozen=True, slots=True)
class Learned:
    """`turned_down` is of the view's document; `lines` were accepted in this session, newest last, without
    indentation; `calibration` is the person's.
    """

    turned_down: tuple[TurnedDown, ...] = ()
    lines: tuple[str, ...] = ()
    calibration: Calibration = _NOTHING

    def refuses(self, document: Document, fill: Fill) -> bool:
        """Whether this was rejected here before. Of a person who asks for suggestions nothing is to be kept back."""
        if not self.turned_down:
            return False
        offset = document.offset(fill.span.start)
        return any(one.covers(offset, fill.text, document.text) for one in self.turned_down)

    def tuned(self, settings: RecallSettings, language: str, source: str) -> RecallSettings:
        """The embedded engine's settings for this person; thresholds that someone has set stay as they are."""
        if not self.calibration.tallies:
            return settings
        moved = {
            name: self.calibration.threshold(language, source, base)
            for name, base in _THRESHOLDS.items()
            if getattr(settings, name) == base
        }
        return settings.model_copy(update=moved)


NOTHING_LEARNED = Learned()
