"""Is the client that demo, tests and benches share a well-behaved editor? The other end is scripted here."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from copilot_lsp.cli.connection import ServerError, ServerGone
from copilot_lsp.cli.editor import Editor, connected, spawned
from copilot_lsp.cli.wire import frame, read
from copilot_lsp.core.text import Position

ECHO = """
import json, sys
while True:
    header = sys.stdin.buffer.readline()
    sys.stdin.buffer.readline()
    request = json.loads(sys.stdin.buffer.read(int(header.split(b":")[1])))
    if request["method"] == "exit":
        sys.exit(3)
    body = json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": request["params"]}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n%b" % (len(body), body))
    sys.stdout.buffer.flush()
"""
Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]


@asynccontextmanager
async def editor_on(script: Script) -> AsyncIterator[Editor]:
    """An editor on a socket whose other end runs `script` once and then hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await script(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, connected(server.sockets[0].getsockname()) as editor:
        yield editor


async def test_an_error_answer_is_raised_with_its_code() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await read(reader)
        writer.write(frame({"id": request["id"], "error": {"code": -32601, "message": "no such method"}}))

    async with editor_on(script) as editor:
        with pytest.raises(ServerError, match="no such method") as raised:
            await editor.request("x/y", {})
    assert raised.value.code == -32601


async def test_hanging_up_ends_every_wait() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read(reader)

    async with editor_on(script) as editor:
        with pytest.raises(ServerGone):
            await editor.request("x/y", {})
        with pytest.raises(ServerGone):
            await editor.hear("window/logMessage")


async def test_a_silent_server_times_out() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with editor_on(script) as editor:
        with pytest.raises(TimeoutError):
            await editor.request("x/y", {}, within=0.05)
        with pytest.raises(TimeoutError):
            await editor.hear("window/logMessage", within=0.05)


async def test_what_the_server_asks_is_answered() -> None:
    answers: list[Any] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ask = {"items": [{"section": "copilotLsp.index"}, {"section": "other"}, {}]}
        for number, (method, params) in enumerate(
            [("workspace/configuration", ask), ("window/workDoneProgress/create", {"token": 1}), ("no/such", {})]
        ):
            writer.write(frame({"id": number, "method": method, "params": params}))
            answers.append(await read(reader))
        writer.write(frame({"method": "done", "params": {"n": 1}}))

    async with editor_on(script) as editor:
        editor.settings = {"copilotLsp": {"index": {"enabled": False}}}
        assert await editor.hear("done", lambda params: params["n"] == 1) == {"n": 1}
        assert [entry.sent for entry in editor.log] == [False, True, False, True, False, True, False]
    assert answers[0]["result"] == [{"enabled": False}, None, editor.settings]
    assert answers[1]["result"] is None
    assert answers[2]["error"]["code"] == -32601


async def test_an_edit_of_the_server_changes_the_open_file_and_is_told_back(tmp_path: Path) -> None:
    heard: list[Any] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened = await read(reader)
        uri = opened["params"]["textDocument"]["uri"]
        edit = {"range": {"start": {"line": 0, "character": 1}, "end": {"line": 0, "character": 2}}, "newText": "!"}
        changes = {"documentChanges": [{"textDocument": {"uri": uri, "version": 1}, "edits": [edit]}]}
        writer.write(frame({"id": 1, "method": "workspace/applyEdit", "params": {"edit": changes}}))
        heard.extend([await read(reader), await read(reader)])
        writer.write(frame({"method": "done", "params": {}}))

    async with editor_on(script) as editor:
        buffer = editor.open(tmp_path / "a.txt", "plaintext", "abc")
        await editor.hear("done")
    assert buffer.text == "a!c"
    assert heard[0]["method"] == "textDocument/didChange"
    assert heard[1]["result"] == {"applied": True}


async def test_a_child_is_spoken_to_over_pipes_and_its_exit_code_told() -> None:
    async with spawned([sys.executable, "-c", ECHO]) as editor:
        assert await editor.request("echo", {"text": "é\U0001f600"}) == {"text": "é\U0001f600"}
        number = editor.ask("echo", 5)
        assert await editor.answer(number) == 5
        assert await editor.leave() == 3


async def test_a_child_that_still_runs_is_killed() -> None:
    async with spawned([sys.executable, "-c", "import time; time.sleep(60)"]) as editor:
        process = editor.process
    assert process is not None
    assert process.returncode != 0


async def test_typing_moves_the_cursor_and_closes_what_was_opened(tmp_path: Path) -> None:
    received: list[str] = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.extend([(await read(reader))["method"] for _ in range(4)])
        writer.write(frame({"method": "done", "params": {}}))

    path = tmp_path / "a.txt"
    async with editor_on(script) as editor:
        buffer = editor.open(path, "plaintext", "ab")
        assert editor.insert(buffer, Position(0, 1), "x\ny") == Position(1, 1)
        editor.save(buffer, path)
        editor.close(buffer)
        await editor.hear("done")
    assert path.read_text(encoding="utf-8") == "ax\nyb"
    assert received == [f"textDocument/did{what}" for what in ("Open", "Change", "Save", "Close")]
    assert not editor.buffers


async def test_a_server_that_has_gone_is_not_waited_for() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read(reader)

    async with editor_on(script) as editor:
        number = editor.ask("x/y", {})
        editor.cancel(number)
        with pytest.raises(ServerGone, match="before it answered request 1"):
            await editor.answer(number, "x/y")
        with pytest.raises(ServerGone, match="the server has ended; it cannot answer x/z"):
            await editor.request("x/z", {})
