"""Does a session keep LSP's rules, whatever a client sends?"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from raw import code, framed, place, session

from copilot_lsp.lsp.protocol import _ASKED_LIMIT, _RUNNING_LIMIT

URI = "file:///nowhere/a.py"


async def test_requests_before_initialize(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, _):
        assert code(await client.request(1, "textDocument/hover", place(URI, 0, 0))) == -32002
        assert code(await client.request(2, "shutdown")) == -32002
        client.open(URI, "dropped: there is no session yet")
        assert code(await client.begin()) is None
        assert code(await client.request(3, "textDocument/hover", place(URI, 0, 0))) == -32602


async def test_a_second_initialize_leaves_the_session_as_it_is(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin(textDocument={"hover": {}})
        client.open(URI, "def area(): pass\n")
        assert code(await client.request(2, "initialize", {"capabilities": {}})) == -32600
        answer = await client.request(3, "textDocument/hover", place(URI, 0, 5))
        assert "area" in answer["result"]["contents"]["value"]


async def test_after_shutdown(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, serving):
        await client.begin()
        answer = await client.request(2, "shutdown")
        assert answer["result"] is None
        assert code(await client.request(3, "textDocument/hover", place(URI, 0, 0))) == -32600
        assert code(await client.request(4, "shutdown")) == -32600
        client.open(URI, "ignored")
        client.notify("exit")
        assert await serving == 0


@pytest.mark.parametrize("begun", [False, True])
async def test_exit_without_shutdown(tmp_path: Path, begun: bool) -> None:
    async with session(tmp_path) as (client, serving):
        if begun:
            await client.begin()
        client.notify("exit")
        assert await serving == 1


async def test_hanging_up(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, serving):
        await client.begin()
        client.writer.close()
        assert await serving == 1


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/hover", None),
        ("textDocument/hover", []),
        ("textDocument/hover", 5),
        ("textDocument/hover", {"textDocument": {"uri": URI}}),
        ("textDocument/hover", {"textDocument": URI, "position": {"line": 0, "character": 0}}),
        ("textDocument/hover", place(URI, -1, 0)),
        ("textDocument/hover", place("file:///not/open.py", 0, 0)),
        ("textDocument/codeAction", {"textDocument": {"uri": URI}, "range": [], "context": {}}),
        ("completionItem/resolve", {"label": "x"}),
        ("completionItem/resolve", {"label": "x", "data": [[[]]]}),
        ("workspace/executeCommand", {"command": "no.such.command"}),
        ("workspace/executeCommand", {"command": "copilotLsp.explain", "arguments": [{"textDocument": {"uri": URI}}]}),
    ],
)
async def test_bad_parameters(tmp_path: Path, method: str, params: Any) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin()
        client.open(URI, "x = 1\n")
        answer = await client.request(1, method, params)
        assert code(answer) == -32602, answer
        assert code(await client.request(2, "textDocument/hover", place(URI, 0, 0))) is None


@pytest.mark.parametrize("params", [None, [], "x", 5])
async def test_bad_parameters_of_initialize_do_not_use_it_up(tmp_path: Path, params: Any) -> None:
    async with session(tmp_path) as (client, _):
        assert code(await client.request(1, "initialize", params)) == -32602
        assert code(await client.begin()) is None


async def test_unknown_methods(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin()
        assert code(await client.request(1, "textDocument/teleport", {})) == -32601
        assert code(await client.request(2, "$/teleport")) == -32601
        # A notification's method sent as a request is no request.
        assert code(await client.request(3, "initialized", {})) == -32601
        client.notify("textDocument/teleported", {})
        client.notify("$/whatever")
        assert code(await client.request(4, "shutdown")) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nonsense", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000, b'"\\ud800', b"1" * 10_000 + b"1e"],
)
async def test_broken_json(tmp_path: Path, body: bytes) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin()
        client.send_bytes(framed(body))
        assert code(await client.answer(None)) == -32700
        assert code(await client.request(1, "shutdown")) is None


@pytest.mark.parametrize(
    ("message", "number"),
    [
        ([], None),
        ([{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}], None),
        (5, None),
        (None, None),
        ("text", None),
        ({}, None),
        ({"jsonrpc": "2.0"}, None),
        ({"id": 7, "method": "shutdown"}, 7),
        ({"jsonrpc": "1.0", "id": "seven", "method": "shutdown"}, "seven"),
        ({"jsonrpc": "2.0", "id": 7, "method": 5}, 7),
        ({"jsonrpc": "2.0", "id": None, "method": "shutdown"}, None),
        ({"jsonrpc": "2.0", "id": True, "method": "shutdown"}, None),
        ({"jsonrpc": "2.0", "id": 1.5, "method": "shutdown"}, None),
        ({"jsonrpc": "2.0", "id": {}, "method": "shutdown"}, None),
        ({"jsonrpc": "2.0", "method": {}}, None),
    ],
)
async def test_what_is_no_message(tmp_path: Path, message: Any, number: Any) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin()
        client.send(message)
        assert code(await client.answer(number)) == -32600
        assert code(await client.request(1, "shutdown")) is None


async def test_answers_to_nothing_that_was_asked(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin()
        for number in (1, "server-1", "begin", -1):
            client.send({"jsonrpc": "2.0", "id": number, "result": {}}, {"jsonrpc": "2.0", "id": number, "error": 5})
        answer = await client.request("last", "shutdown")
        assert code(answer) is None
        assert [message.get("id") for message in client.messages if "method" not in message] == ["begin", "last"]


async def test_ids_may_be_strings_or_integers_and_differ(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin()
        client.open(URI, "x = 1\n")
        numbers = [1, "1", 0, "", -5, 2**60, "é\U0001f600"]
        for number in numbers:
            client.ask(number, "textDocument/codeLens", {"textDocument": {"uri": URI}})
        answers = [await client.answer(number) for number in [numbers[-1]]]
        answered = [
            message["id"] for message in client.messages if message.get("id") in numbers and "result" in message
        ]
        assert sorted(map(repr, answered)) == sorted(map(repr, numbers)), answers


async def test_cancelling(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin()
        client.open(URI, "x = 1\n")
        await client.request("up", "textDocument/hover", place(URI, 0, 0))
        for number in range(200):
            client.ask(number, "textDocument/hover", place(URI, 0, 0))
            client.notify("$/cancelRequest", {"id": number})
        for odd in (None, {}, {"id": 999}, {"id": [1]}, {"id": "begin"}, []):
            client.notify("$/cancelRequest", odd)
        client.ask("last", "textDocument/hover", place(URI, 0, 0))
        assert code(await client.answer("last")) is None
        codes = [code(message) for message in client.messages if message.get("id") in range(200)]
        assert len(codes) == 200
        assert set(codes) == {-32800}
        # Cancelling what has been answered does nothing.
        client.notify("$/cancelRequest", {"id": 5})
        assert code(await client.request(5, "shutdown")) is None


async def test_an_id_in_use(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin()
        client.open(URI, "x = 1\n")
        client.ask(1, "textDocument/diagnostic", {"textDocument": {"uri": URI}})
        client.ask(1, "textDocument/diagnostic", {"textDocument": {"uri": URI}})
        codes = [code(await client.answer(1)), code(await client.answer(1))]
        assert codes == [-32600, None]


async def test_a_flood_is_refused_and_answered(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin()
        client.open(URI, "x = 1\n")
        # One piece of bytes, so that nothing is answered before all of it has been read.
        count = 3 * _RUNNING_LIMIT
        for number in range(count):
            client.ask(number, "textDocument/codeLens", {"textDocument": {"uri": URI}})
        client.ask("last", "shutdown")
        await client.answer("last")
        await asyncio.sleep(0.1)
        client.notify("exit")
        await client.rest()
        numbers = [message["id"] for message in client.messages if isinstance(message.get("id"), int)]
        assert sorted(numbers) == list(range(count))


async def test_a_client_that_never_answers_is_asked_only_so_much(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin(workspace={"configuration": True})
        for _ in range(3 * _ASKED_LIMIT):
            client.notify("workspace/didChangeConfiguration", {"settings": None})
        client.open(URI, "def f(): pass\n")
        assert code(await client.request(1, "textDocument/hover", place(URI, 0, 5))) is None
        asked = [message for message in client.messages if message.get("method") == "workspace/configuration"]
        assert len(asked) <= _ASKED_LIMIT


async def test_a_superseded_request_is_answered_as_modified(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin(textDocument={"inlineCompletion": {}})
        client.open(URI, "value = compute(1)\nvalue = comp\n")
        await client.request("up", "textDocument/hover", place(URI, 0, 0))
        for number in range(20):
            client.ask(number, "textDocument/inlineCompletion", place(URI, 1, 12, context={"triggerKind": 2}))
        codes = [code(await client.answer(number)) for number in range(20)]
        # The server takes messages in slices, so now and then one in the middle is done before the next one comes.
        assert codes[-1] is None
        assert codes.count(-32801) >= 10


async def test_a_document_that_moved_on_makes_diagnostics_be_asked_again(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin(textDocument={"diagnostic": {}})
        client.open(URI, "x = (\n" * 3_000)
        await client.request("up", "textDocument/hover", place(URI, 0, 0))
        client.change(URI, 2, {"text": "y = (\n" * 3_000})
        client.ask(1, "textDocument/diagnostic", {"textDocument": {"uri": URI}})
        client.change(URI, 3, {"text": "y = 1\n"})
        answer = await client.answer(1)
        assert code(answer) == -32802
        assert answer["error"]["data"] == {"retriggerRequest": True}


async def test_strict_streams_end_at_the_first_byte_that_is_not_lsp(tmp_path: Path) -> None:
    async with session(tmp_path, strict=True) as (client, serving):
        body = b'{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}'
        client.send_bytes(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n%b" % (len(body), framed(body)))
        assert await client.rest() == []
        assert await serving == 1


async def test_split_frames_and_odd_headers(tmp_path: Path) -> None:
    async with session(tmp_path) as (client, _):
        await client.begin()
        body = b'{"jsonrpc":"2.0","id":1,"method":"shutdown"}'
        for byte in b"junk\r\n\r\ncontent-length: %d\n\n%b" % (len(body), body):
            client.send_bytes(bytes([byte]))
            await asyncio.sleep(0)
        assert code(await client.answer(1)) is None
