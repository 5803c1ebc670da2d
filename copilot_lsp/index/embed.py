"""What turns texts into vectors whose angle says how alike the texts are."""

from collections.abc import Sequence
from typing import Protocol


class Embedder(Protocol):
    """A model of a provider. `name` tells apart whose vectors an index holds; vectors of two names are not compared."""

    @property
    def name(self) -> str: ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector for each text, all of the same length. Raises ProviderError."""
        ...
