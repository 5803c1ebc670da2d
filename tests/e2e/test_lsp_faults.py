"""Does a session outlive what its parts do wrong, and is every request answered all the same?"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from raw import code, place, session

from copilot_lsp.app.runtime import Runtime
from copilot_lsp.core import registry
from copilot_lsp.core.errors import Overloaded, StoreError, WorkerFailed
from copilot_lsp.lsp.errors import INVALID_PARAMS, Refused
from copilot_lsp.lsp.handler import Call, Notification, Request

URI = "file:///a.py"
HOVER = "textDocument/hover"
Plug = Callable[..., None]


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Plug:
    """Put a plugin of the test's own in the place of a shipped one, as a faulty one would be."""
    own: dict[str, Any] = {}
    shipped, imported = registry.load, registry.loaded
    monkeypatch.setattr(registry, "load", lambda kind, name: own.get(name) or shipped(kind, name))
    monkeypatch.setattr(registry, "loaded", lambda kind, name: own.get(name) or imported(kind, name))

    def put(run: Callable[[Call[Any]], Awaitable[object]], **options: Any) -> None:
        own["hover"] = Request("hover", (HOVER,), run, **options)

    put.notification = lambda run: own.update(did_save=Notification("did_save", (), run))
    return put


def raising(error: Exception) -> Callable[[Call[Any]], Awaitable[object]]:
    async def run(call: Call[Any]) -> object:
        raise error

    return run


async def forever(call: Call[Any]) -> object:
    await asyncio.Event().wait()
    return None


@pytest.mark.parametrize(
    ("error", "expected", "shown"),
    [
        (RuntimeError("a secret"), -32603, "RuntimeError; the server's log has the details"),
        (RecursionError(), -32603, "RecursionError; the server's log has the details"),
        (AssertionError("a secret"), -32603, "AssertionError; the server's log has the details"),
        (WorkerFailed("the worker died; it is started again"), -32803, "the worker died; it is started again"),
        (StoreError("the disk is full"), -32803, "the disk is full"),
        (Refused(INVALID_PARAMS, "no such thing"), -32602, "no such thing"),
    ],
)
async def test_what_a_handler_raises(tmp_path: Path, plug: Plug, error: Exception, expected: int, shown: str) -> None:
    plug(raising(error))
    async with session(tmp_path) as (client, _):
        await client.begin()
        client.open(URI, "x = 1\n")
        answer = await client.request(1, HOVER, place(URI, 0, 0))
        assert answer["error"] == {"code": expected, "message": shown}
        assert code(await client.request(2, "textDocument/codeLens", {"textDocument": {"uri": URI}})) is None


@pytest.mark.parametrize(("quiet", "expected"), [(True, None), (False, -32803)])
async def test_a_deadline(tmp_path: Path, plug: Plug, quiet: bool, expected: int | None) -> None:
    plug(forever, seconds=0.05, quiet=quiet)
    async with session(tmp_path) as (client, _):
        await client.begin()
        client.open(URI, "x = 1\n")
        # The first one's time may be used up by the start itself.
        assert code(await client.request(1, HOVER, place(URI, 0, 0))) == expected
        assert code(await client.request(2, HOVER, place(URI, 0, 0))) == expected


async def test_a_full_queue_is_silent_for_what_nobody_asked_in_words(tmp_path: Path, plug: Plug) -> None:
    plug(raising(Overloaded("256 tasks are waiting")), quiet=True)
    async with session(tmp_path) as (client, _):
        await client.begin()
        client.open(URI, "x = 1\n")
        assert (await client.request(1, HOVER, place(URI, 0, 0)))["result"] is None


async def test_cancelling_what_runs(tmp_path: Path, plug: Plug) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def run(call: Call[Any]) -> object:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return None

    plug(run)
    async with session(tmp_path) as (client, serving):
        await client.begin()
        client.open(URI, "x = 1\n")
        client.ask(1, HOVER, place(URI, 0, 0))
        await begun.wait()
        client.notify("$/cancelRequest", {"id": 1})
        assert code(await client.answer(1)) == -32800
        assert ended.is_set()
        begun.clear()
        client.ask(2, HOVER, place(URI, 0, 0))
        await begun.wait()
        client.ask(3, "shutdown")
        codes = {(message := await client.next())["id"]: code(message) for _ in range(2)}
        assert codes == {2: -32800, 3: None}
        client.notify("exit")
        assert await serving == 0


async def test_hanging_up_ends_what_runs(tmp_path: Path, plug: Plug) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def run(call: Call[Any]) -> object:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return None

    plug(run)
    async with session(tmp_path) as (client, serving):
        await client.begin()
        client.open(URI, "x = 1\n")
        client.ask(1, HOVER, place(URI, 0, 0))
        await begun.wait()
        client.writer.close()
        assert await serving == 1
        assert ended.is_set()


@pytest.mark.parametrize("answer", [object(), {1: {2}}, b"bytes", float])
async def test_an_answer_that_is_no_json(tmp_path: Path, plug: Plug, answer: Any) -> None:
    async def run(call: Call[Any]) -> object:
        return answer

    plug(run)
    async with session(tmp_path) as (client, _):
        await client.begin()
        client.open(URI, "x = 1\n")
        assert code(await client.request(1, HOVER, place(URI, 0, 0))) == -32603
        assert code(await client.request(2, "shutdown")) is None


@pytest.mark.parametrize("error", [RuntimeError(), ValueError(), KeyError("x")])
async def test_a_notification_that_fails(tmp_path: Path, plug: Any, error: Exception) -> None:
    def run(of: Any, params: Any) -> None:
        raise error

    plug.notification(run)
    async with session(tmp_path) as (client, _):
        await client.begin()
        client.notify("textDocument/didSave", {"textDocument": {"uri": URI}})
        assert code(await client.request(1, "shutdown")) is None


async def test_a_view_is_of_the_moment_when_the_request_came(tmp_path: Path, plug: Plug) -> None:
    seen: list[str] = []
    go = asyncio.Event()

    async def run(call: Call[Any]) -> object:
        await go.wait()
        seen.append(call.view.document.text)
        return None

    plug(run)
    async with session(tmp_path) as (client, _):
        await client.begin()
        client.open(URI, "first\n")
        await client.request("up", "textDocument/codeLens", {"textDocument": {"uri": URI}})
        client.ask(1, HOVER, place(URI, 0, 0))
        client.change(URI, 2, {"text": "second\n"})
        client.ask(2, "textDocument/codeLens", {"textDocument": {"uri": URI}})
        await client.answer(2)
        go.set()
        await client.answer(1)
        assert seen == ["first\n"]


async def test_a_request_from_before_the_start_about_a_text_that_is_gone(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin()
        client.open(URI, "def area(): pass\n")
        client.ask(1, HOVER, place(URI, 0, 5))
        client.change(URI, 2, {"text": "x = 1\n"})
        client.ask(2, HOVER, place(URI, 0, 0))
        assert code(await client.answer(1)) == -32801
        assert code(await client.answer(2)) is None


async def test_a_runtime_that_cannot_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(self: Runtime) -> Any:
        raise OSError("no home, no disk, no luck")

    monkeypatch.setattr(Runtime, "services", broken)
    async with session(tmp_path) as (client, serving):
        await client.begin()
        client.open(URI, "x = 1\n")
        shown = await client.hear("window/showMessage")
        assert "doctor" in shown["params"]["message"]
        assert code(await client.request(1, HOVER, place(URI, 0, 0))) == -32803
        client.change(URI, 2, {"text": "y"})
        client.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
        client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": []}})
        assert code(await client.request(2, "shutdown")) is None
        client.notify("exit")
        assert await serving == 0
