"""A provider that answers from a script: the test double that is shipped, for tests, demos and bug reports.

A script is a list of replies. A request gets the first reply that fits it and is not used up; none: the answer is
empty. `{"task": "complete", "when": "import ", "text": "os\\n"}` answers completions whose prefix ends in "import ".
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, cast
from zlib import crc32

from copilot_lsp.core import errors
from copilot_lsp.core.budget import Budget
from copilot_lsp.core.fill import FillRequest
from copilot_lsp.providers.provider import Backend, Message, Model
from copilot_lsp.providers.settings import EndpointSettings


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer to what.

    `when` must end the prefix of a completion, or occur in the last message of a chat. `text` comes in pieces of
    `piece` characters, the first after `delay` seconds, each later one after `gap`. `error` names an error class of
    `copilot_lsp.core.errors` to raise after `after` pieces. `times` is how often the reply is given, 0: always.
    """

    text: str = ""
    task: str = "complete"
    when: str = ""
    delay: float = 0.0
    gap: float = 0.0
    piece: int = 4
    error: str = ""
    after: int = 0
    times: int = 0


class Scripted:
    """A provider without a model. `asked` holds what it was asked: (task, prefix or last message or texts)."""

    url = ""
    local = True

    def __init__(self, name: str, replies: Iterable[Reply] = (), *, context: int = 4096) -> None:
        self.name = name
        self.replies = list(replies)
        self.asked: list[tuple[str, str]] = []
        self.closed = False
        self._used: dict[int, int] = {}
        self._context = context

    async def models(self, budget: Budget) -> tuple[Model, ...]:
        reply = self._reply("models", "")
        await _play(reply)
        return (Model("scripted", frozenset({"fim", "chat", "embed"}), self._context, endpoint=self.name),)

    async def prepare(self, model: Model, budget: Budget) -> Model:
        await _play(self._reply("prepare", model.name))
        return model

    async def complete(self, request: FillRequest, model: Model, budget: Budget) -> AsyncGenerator[str]:
        async for piece in self._stream("complete", request.prefix):
            yield piece

    async def chat(self, messages: Sequence[Message], model: Model, budget: Budget) -> AsyncGenerator[str]:
        async for piece in self._stream("chat", messages[-1].text if messages else ""):
            yield piece

    async def embed(self, texts: Sequence[str], model: Model, budget: Budget) -> list[list[float]]:
        await _play(self._reply("embed", "\n".join(texts)))
        return [
            [(crc32(f"{axis}{text}".encode("utf-8", "replace")) / 2**31) - 1 for axis in range(8)] for text in texts
        ]

    async def close(self) -> None:
        self.closed = True

    async def _stream(self, task: str, text: str) -> AsyncGenerator[str]:
        reply = self._reply(task, text)
        await asyncio.sleep(reply.delay)
        pieces = [reply.text[at : at + reply.piece] for at in range(0, len(reply.text), reply.piece)]
        for number, piece in enumerate(pieces):
            if reply.error and number == reply.after:
                raise _error(reply)
            if number:
                await asyncio.sleep(reply.gap)
            yield piece
        if reply.error:
            raise _error(reply)

    def _reply(self, task: str, text: str) -> Reply:
        self.asked.append((task, text))
        for number, reply in enumerate(self.replies):
            fits = text.endswith(reply.when) if task == "complete" else reply.when in text
            used = self._used.get(number, 0)
            if reply.task == task and fits and not 0 < reply.times <= used:
                self._used[number] = used + 1
                return reply
        return Reply(task=task)


async def _play(reply: Reply) -> None:
    await asyncio.sleep(reply.delay)
    if reply.error:
        raise _error(reply)


def _error(reply: Reply) -> errors.ProviderError:
    kind = getattr(errors, reply.error, None)
    if not (isinstance(kind, type) and issubclass(kind, errors.ProviderError)):
        raise errors.SettingsError(f"a scripted reply names the error {reply.error!r}, which is not a ProviderError")
    return kind("the script says so")


def replies_of(path: Path) -> list[Reply]:
    """The replies in a JSON file: a list of objects with the fields of `Reply`."""
    known = {field.name for field in fields(Reply)}
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
        rows = [cast("Mapping[str, Any]", row) for row in cast("list[Any]", found)]
        return [Reply(**{key: value for key, value in row.items() if key in known}) for row in rows]
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise errors.SettingsError(f"the script {str(path)!r} cannot be read as a list of replies: {error}") from None


def _open(name: str, settings: EndpointSettings) -> Scripted:
    replies = replies_of(Path(settings.script)) if settings.script else []
    return Scripted(name, replies, context=settings.context or 4096)


BACKEND = Backend("scripted", open=_open)
