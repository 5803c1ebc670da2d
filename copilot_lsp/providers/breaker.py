"""When an endpoint that fails is left alone, and for how long."""

from dataclasses import dataclass

from copilot_lsp.core.errors import (
    ProviderError,
    ProviderLoading,
    ProviderMisconfigured,
    ProviderRejected,
    ProviderUnavailable,
)

FIRST_WAIT = 1.0
# The longest wait: a refused connection on this machine costs nothing, and the user waits for what he just started.
NEAR = 10.0
FAR = 60.0
# A model that answers a probe but is too slow for real requests would otherwise be told to come and go all day.
SLOW_FIRST = 5.0
SLOW_LONGEST = 300.0
# A timeout or a garbled answer may be bad luck; as many in a row are not.
PATIENCE = 3


@dataclass(slots=True)
class Breaker:
    """Counts failures. `wait` is how long to leave the endpoint alone before one probe; it doubles with every failure
    and shrinks only by a real answer, so an endpoint that comes and goes is tried ever more rarely."""

    wait: float = 0.0
    strikes: int = 0
    longest: float = FAR

    def failed(self, error: ProviderError) -> bool:
        """Note a failure; whether the endpoint is now to be left alone."""
        if isinstance(error, ProviderLoading) or _is_about_one_request(error):
            return False
        if isinstance(error, ProviderUnavailable | ProviderMisconfigured):
            self.trip(error)
            return True
        self.strikes += 1
        if self.strikes < PATIENCE:
            return False
        self.strikes = 0
        self.wait = min(SLOW_LONGEST, max(SLOW_FIRST, self.wait * 2))
        return True

    def trip(self, error: ProviderError) -> None:
        """Leave the endpoint alone for longer than the last time, and for as long as it asked."""
        self.strikes = 0
        asked = error.retry_after if isinstance(error, ProviderUnavailable) else 0.0
        self.wait = max(asked, min(self.longest, max(FIRST_WAIT, self.wait * 2)))

    def succeeded(self) -> None:
        """Note an answer to a real request, not to a probe."""
        self.wait = 0.0
        self.strikes = 0


def _is_about_one_request(error: ProviderError) -> bool:
    return isinstance(error, ProviderRejected) and not isinstance(error, ProviderMisconfigured)
