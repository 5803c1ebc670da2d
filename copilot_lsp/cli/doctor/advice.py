"""What the doctor says about one thing."""

from dataclasses import dataclass
from typing import Literal

# fine: nothing to do; hint: works, could be better; fault: something does not work.
Level = Literal["fine", "hint", "fault"]


@dataclass(frozen=True, slots=True)
class Advice:
    """One sentence about `subject`, and the one command (or line of a file) that helps, or nothing."""

    level: Level
    subject: str
    sentence: str
    command: str = ""
