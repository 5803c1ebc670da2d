"""The embedding model that a model server offers at the moment, as the index sees one."""

from collections.abc import Sequence

from copilot_lsp.core.budget import seconds
from copilot_lsp.core.errors import ProviderUnavailable
from copilot_lsp.providers.select import Models

# A batch of pieces on a slow machine; the endpoint's own deadlines are usually shorter.
_BATCH_SECONDS = 120.0


class EmbeddingModel:
    """Follows the choice of `models`: its `name` is empty while no endpoint offers embeddings."""

    def __init__(self, models: Models) -> None:
        self._models = models

    @property
    def name(self) -> str:
        choice = self._models.choice("embed")
        return f"{choice.provider.name}/{choice.model.name}" if choice else ""

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector for each text, all of the same length. Raises ProviderError."""
        choice = self._models.choice("embed")
        if choice is None:
            raise ProviderUnavailable("no model server offers embeddings now")
        return await choice.provider.embed(texts, choice.model, seconds(_BATCH_SECONDS))
