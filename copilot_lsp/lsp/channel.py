"""What a session needs from the bytes below it."""

from typing import Protocol


class Channel(Protocol):
    """One connection to one client. Belongs to the event loop that uses it."""

    @property
    def clogged(self) -> bool:
        """Whether the client takes less than it is sent: nothing that can be left out should be written now."""
        ...

    async def read(self) -> bytes:
        """The bytes that came since the last call, at least one; none when the client has gone."""
        ...

    def write(self, data: bytes) -> None:
        """Send, in order, without waiting. What a client that has gone would have got is dropped."""
        ...

    async def drained(self) -> None:
        """Wait while clogged; return at once when the client has gone."""
        ...

    async def flushed(self) -> None:
        """Wait until everything written has left this process, or the client has gone."""
        ...

    async def close(self) -> None:
        """Hang up. What has not left by then is lost."""
        ...
