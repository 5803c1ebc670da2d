"""What is a suggestion, and what can become of it?"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from copilot_lsp.core.text import Span

# Where a person sees a suggestion: as ghost text, or as one entry among many in the popup.
Surface = Literal["inline", "popup"]


class Verdict(StrEnum):
    """Exactly one for each suggestion that was shown.

    `TYPED`: the person wrote by hand what was suggested. `REJECTED`: something else was written there, or the person
    went elsewhere. `IGNORED`: nothing can be told, because it was there too shortly or gave way to another one.
    """

    ACCEPTED = "accepted"
    PARTLY = "partly"
    TYPED = "typed"
    REJECTED = "rejected"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One text that was answered: it would replace `span` of the document of that moment.

    `source` names the engine or model, `at` is on the monotonic clock.
    """

    id: str
    span: Span
    text: str
    source: str
    confidence: float
    language: str
    surface: Surface
    at: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a suggestion. Invariant: names and numbers only, for this is what is stored.

    `at` is in seconds since 1970. `told`: the editor said so, else it is inferred. `taken` counts accepted characters,
    `typed` those that were written by hand as suggested. `seconds` passed from showing to the verdict. `kept` is the
    share of the accepted text that still stood after each of `kept.AGES`, None where that is not known.
    """

    id: int
    at: float
    language: str
    source: str
    surface: Surface
    confidence: float
    lines: int
    length: int
    verdict: Verdict
    told: bool
    taken: int
    typed: int
    seconds: float
    kept: tuple[float | None, ...] = (None, None, None, None)
