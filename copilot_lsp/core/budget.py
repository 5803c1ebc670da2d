"""How long and how many tokens a piece of work may take."""

import time
from dataclasses import dataclass, replace

from copilot_lsp.core.errors import DeadlineExceeded


@dataclass(frozen=True, slots=True)
class Budget:
    """A deadline on the monotonic clock (seconds) and a number of model tokens, handed down from caller to callee."""

    deadline: float
    tokens: int = 4096

    @property
    def left(self) -> float:
        """Seconds until the deadline, never negative."""
        return max(0.0, self.deadline - time.monotonic())

    @property
    def spent(self) -> bool:
        return time.monotonic() >= self.deadline

    def within(self, seconds: float) -> "Budget":
        """The same budget with a deadline at most `seconds` from now."""
        return replace(self, deadline=min(self.deadline, time.monotonic() + seconds))

    def check(self) -> None:
        """Raise `DeadlineExceeded` when the time is used up."""
        if self.spent:
            raise DeadlineExceeded("the time given to this task is used up")


def seconds(amount: float, tokens: int = 4096) -> Budget:
    """A budget that ends `amount` seconds from now."""
    return Budget(time.monotonic() + amount, tokens)
