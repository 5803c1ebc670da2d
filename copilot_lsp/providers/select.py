"""Which model does a task now, and why that one."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from copilot_lsp.providers.link import Link
from copilot_lsp.providers.pick import Task
from copilot_lsp.providers.provider import Model, Provider
from copilot_lsp.providers.settings import EndpointSettings, ProviderSettings

TASKS: tuple[Task, ...] = ("complete", "chat", "embed")


@dataclass(frozen=True, slots=True)
class Choice:
    """A model and the provider that runs it. The provider keeps deadlines and reports failures by itself."""

    provider: Provider
    model: Model


class Models:
    """The endpoints of one process. `choice` is cheap and may be asked for every request: after a failure it names the
    next endpoint, or nothing, and when the failed one is back in the background it names that again."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._found = not settings.endpoints
        endpoints = dict(settings.endpoints)
        if not endpoints and settings.local_ollama:
            endpoints = {"ollama": EndpointSettings(backend="ollama", url=settings.local_ollama)}
        self._links = tuple([Link(name, one, self._changed) for name, one in endpoints.items()])
        self._listeners: list[Callable[[str], None]] = []
        self._said: tuple[object, ...] | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Ask all endpoints what they offer; return when each has answered or failed to, or has a model to load."""
        self._tasks = [asyncio.create_task(link.tend(), name=f"provider {link.name}") for link in self._links]
        await asyncio.gather(*[link.known.wait() for link in self._links])
        self._said = self._chosen()
        self._tell()

    def listen(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Have `listener` hear, as a sentence, what does the work: once that is known and whenever it changes.

        Call what is returned to stop.
        """
        self._listeners.append(listener)
        if self._said is not None:
            listener(self.explain)
        return lambda: self._listeners.remove(listener)

    def choice(self, task: Task) -> Choice | None:
        """The first endpoint's model that can do it now; none: the embedded engine has to."""
        for link in self._links:
            model = link.offer(task)
            if model and link.provider:
                return Choice(link.provider, model)
        return None

    @property
    def explain(self) -> str:
        """One sentence: what completes code, and why that."""
        chosen = self.choice("complete")
        if chosen is None:
            return f"Completions come from the embedded engine, because {self._why_none()}."
        where = f" ({chosen.provider.url})" if chosen.provider.url else ""
        why = "a local Ollama answers and has it" if self._found else "it is configured"
        passed = [link for link in self._links if link.name != chosen.provider.name and not link.offer("complete")]
        first = passed[0] if passed and self._links.index(passed[0]) < self._rank(chosen) else None
        if first:
            why = f"{first.name} comes first but {_trouble(first)}"
        return f"Completions come from {chosen.model.name} of {chosen.provider.name}{where}, because {why}."

    async def close(self) -> None:
        """End all tasks and connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for link in self._links:
            await link.close()

    def _rank(self, chosen: Choice) -> int:
        return next(number for number, link in enumerate(self._links) if link.provider is chosen.provider)

    def _why_none(self) -> str:
        if not self._links:
            return "no model server is configured"
        if self._found:
            link = self._links[0]
            if link.state == "down" and not link.models:
                return f"no model server is configured and no Ollama answers at {link.settings.url}"
            return f"the Ollama at {link.settings.url} {_trouble(link)}"
        return "; ".join(f"{link.name} {_trouble(link)}" for link in self._links)

    def _chosen(self) -> tuple[object, ...]:
        chosen = [self.choice(task) for task in TASKS]
        return tuple([one and (one.provider.name, one.model.name) for one in chosen])

    def _changed(self) -> None:
        chosen = self._chosen()
        if self._said is not None and chosen != self._said:
            self._said = chosen
            self._tell()

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener(self.explain)


def _trouble(link: Link) -> str:
    if link.state == "down":
        return f"is down and is tried again by itself: {link.reason}"
    return link.reason or "has not answered yet"
