"""What may a completion know of what became of earlier suggestions? A picture of one moment, as a view carries it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from copilot_lsp.agents.learning.calibrate import Calibration
from copilot_lsp.agents.learning.turned_down import TurnedDown
from copilot_lsp.core.document import Document
from copilot_lsp.core.fill import Fill
from copilot_lsp.recall.settings import SOURCE, RecallSettings

_NOTHING = Calibration()
# The thresholds of the embedded engine, and what they are where nobody has set them.
_THRESHOLDS: dict[str, float] = {
    name: RecallSettings.model_fields[name].default for name in ("confidence", "agreement")
}
# The odds of a line that was accepted in this session before. Of people who accept what is right, line by line through
# 60 files of Django and 30 of SymPy, such lines were right in 39 and 54 of 100 cases where the engine said 34 and 40;
# which line was best changed in one answer of a thousand.
_ODDS = 1.5


@dataclass(frozen=True, slots=True)
class Learned:
    """`turned_down` is of the view's document; `lines` were accepted in this session, without indentation;
    `calibration` is the person's.
    """

    turned_down: tuple[TurnedDown, ...] = ()
    lines: frozenset[str] = frozenset()
    calibration: Calibration = _NOTHING

    def fresh(self, document: Document, fills: tuple[Fill, ...]) -> tuple[Fill, ...]:
        """The fills without what was rejected at their places before."""
        return tuple(fill for fill in fills if not self._refuses(document, fill)) if self.turned_down else fills

    def _refuses(self, document: Document, fill: Fill) -> bool:
        offset = document.offset(fill.span.start)
        return any(one.covers(offset, fill.text, document.text) for one in self.turned_down)

    def favoured(self, document: Document, fills: Iterable[Fill]) -> tuple[Fill, ...]:
        """The fills with lines that were accepted lately surer than before, the surest first."""
        if not self.lines:
            return tuple(fills)
        return tuple(sorted((self._favoured(document, fill) for fill in fills), key=lambda fill: -fill.confidence))

    def _favoured(self, document: Document, fill: Fill) -> Fill:
        head = document.line(fill.span.start.line)[: fill.span.start.column]
        if (head + fill.text).strip().partition("\n")[0].rstrip() not in self.lines:
            return fill
        sure = fill.confidence * _ODDS
        return replace(fill, confidence=sure / (1 - fill.confidence + sure))

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


@dataclass(frozen=True, slots=True)
class Consequence:
    """What experience with an engine or model in a language has come to.

    `threshold` is the confidence from which on the embedded engine's suggestions are shown there, None for a model;
    `trust` is how sure a model is taken to be, 1 without experience, None for the engine.
    """

    language: str
    source: str
    threshold: float | None
    trust: float | None


def consequences(calibration: Calibration) -> tuple[Consequence, ...]:
    """What follows for each language and source that something is known of."""
    base = _THRESHOLDS["confidence"]
    return tuple(
        Consequence(language, source, calibration.threshold(language, source, base), None)
        if source == SOURCE
        else Consequence(language, source, None, calibration.trust(language, source))
        for language, source in sorted(calibration.tallies)
    )


NOTHING_LEARNED = Learned()
