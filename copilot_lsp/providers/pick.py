"""Which model of an endpoint does a task."""

from collections.abc import Sequence
from typing import Literal

from copilot_lsp.providers.provider import Model
from copilot_lsp.providers.settings import EndpointSettings

Task = Literal["complete", "chat", "embed"]


def pick(task: Task, models: Sequence[Model], settings: EndpointSettings) -> Model | None:
    """The model that the settings name, or the fittest; none when what they name is not there or cannot do it."""
    if task == "complete":
        return _complete(models, settings)
    if task == "chat":
        return _chat(models, settings)
    return _embed(models, settings)


def named(name: str, models: Sequence[Model]) -> Model | None:
    """The model of that name; a server may add a tag to the name ("qwen" is "qwen:latest")."""
    for model in models:
        if model.name in (name, f"{name}:latest"):
            return model
    return None


def _complete(models: Sequence[Model], settings: EndpointSettings) -> Model | None:
    if settings.complete_model:
        model = named(settings.complete_model, models)
        return model if model and "fim" in model.capabilities else None
    able = [model for model in models if "fim" in model.capabilities]
    # A loaded model answers at once, and of the others the smallest keeps up with typing.
    return min(able, key=lambda model: (not model.loaded, model.size), default=None)


def _chat(models: Sequence[Model], settings: EndpointSettings) -> Model | None:
    if settings.chat_model:
        return named(settings.chat_model, models)
    # The completion model first: most machines hold one model in memory, and changing it takes seconds each time.
    able = [model for model in models if "chat" in model.capabilities]
    completing = _complete(models, settings)
    return completing if completing in able else next(iter(able), None)


def _embed(models: Sequence[Model], settings: EndpointSettings) -> Model | None:
    if settings.embed_model:
        return named(settings.embed_model, models)
    # Many a chat model gives vectors too, slow and of little use for search; only one made for it is taken unasked.
    return next((model for model in models if model.capabilities == frozenset({"embed"})), None)
