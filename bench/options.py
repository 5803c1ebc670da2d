"""What a person may choose when running a bench."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """`workspace` is a source tree of about 500,000 lines; without it one is fetched from the package registry.

    `effort` scales how often things are repeated: 1 for figures to quote, less for a quick look.
    """

    workspace: Path | None = None
    effort: float = 1.0
    seed: int = 1

    def times(self, full: int) -> int:
        """How often to repeat what a full run repeats `full` times."""
        return max(3, round(full * self.effort))
