"""How much of what models write for this session is thrown away, and how careful has the next question to be?

Whoever goes on typing while a model writes something else makes it write in vain. How often that happens depends on
the machine, the model and the person. So it is measured, and a model is asked later and for less where much is lost.
"""

from copilot_lsp.telemetry import metrics

# As if so much had been written, and this share of it in vain, before anything was: a few answers say little.
_PRIOR, _USUAL = 500.0, 0.02
# Below the first share nobody has to be careful, at the second one as careful as can be. What users are promised is a
# tenth.
_FREE, _MOST = 0.03, 0.06
# What is written with all care: a shorter answer is more often there before somebody goes on, and less of it is lost.
_LEAST = 0.5
# After so many pieces of text what was measured counts half: a session changes its file, its pace and its model.
_HALF_LIFE = 2_000.0


class Thrift:
    """What was written for one session, in pieces, the newest counting most."""

    def __init__(self) -> None:
        self._written = _PRIOR
        self._thrown = _PRIOR * _USUAL

    def learn(self, pieces: int, *, thrown: bool) -> None:
        """An answer of so many pieces was written, or was cut short because nobody could use it any more."""
        metrics.count("written_pieces_total", pieces, outcome="thrown" if thrown else "used")
        fade = 0.5 ** (pieces / _HALF_LIFE)
        self._written = self._written * fade + pieces
        self._thrown = self._thrown * fade + (pieces if thrown else 0)

    @property
    def care(self) -> float:
        """0: ask as soon as it seems worth it; 1: only when the hands have left the keys."""
        return max(0.0, min(1.0, (self._thrown / self._written - _FREE) / (_MOST - _FREE)))

    def tokens(self, most: int) -> int:
        """How many tokens to ask for, where `most` is what there is use for."""
        return max(1, round(most * (1.0 - self.care * (1.0 - _LEAST))))
