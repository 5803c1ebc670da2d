"""What a person may choose when running a bench."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """`workspace` is a source tree of about 500,000 lines; without it one is fetched from the package registry.

    `effort` scales how often things are repeated: 1 for figures to quote, less for a quick look. The others are of the
    bench of completion: which `half` of the task sets, which `projects` of it (none: all), and whether to ask the
    engine `in_process` instead of a server.
    """

    workspace: Path | None = None
    effort: float = 1.0
    seed: int = 1
    half: str = "development"
    projects: tuple[str, ...] = ()
    in_process: bool = False

    def times(self, full: int) -> int:
        """How often to repeat what a full run repeats `full` times."""
        return max(3, round(full * self.effort))
