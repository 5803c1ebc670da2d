"""Does the process over standard input and output end when it should, with the code that it should, and never hang?"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import apsw
import psutil
import pytest
from raw import COMMAND, Child, framed, place, private, spawned

URI = "file:///nowhere/a.py"
posix = pytest.mark.skipif(os.name == "nt", reason="signals and process groups of POSIX")


async def up(client: Child) -> None:
    """A session in the middle of its life: everything has started."""
    await client.begin(textDocument={"hover": {}})
    client.open(URI, "def area(): pass\n")
    answer = await client.request("up", "textDocument/hover", place(URI, 0, 5))
    assert answer["result"] is not None


def sound(home: Path) -> list[tuple[str, int]]:
    """What SQLite says of each index below a folder, and how many files it holds."""
    found: list[tuple[str, int]] = []
    for path in home.rglob("index.db"):
        with closing(apsw.Connection(str(path))) as connection:
            check, files = connection.pragma("quick_check"), connection.execute("SELECT count(*) FROM files").get
            found.append((check, files))
    return found


async def indexed(client: Child) -> None:
    """Wait until the workspace has been looked through."""
    for number in range(400):
        answer = await client.request(number, "workspace/executeCommand", {"command": "copilotLsp.status"})
        if "1 file" in answer["result"]["markdown"] and "idle" in answer["result"]["markdown"]:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the workspace was not indexed")


async def test_the_whole_life(tmp_path: Path) -> None:
    async with spawned(tmp_path) as client:
        await up(client)
        await client.request(2, "shutdown")
        client.notify("exit")
        assert await client.ended() == 0
        assert await client.rest() == []


async def test_exit_without_shutdown(tmp_path: Path) -> None:
    async with spawned(tmp_path) as client:
        await client.begin()
        client.notify("exit")
        assert await client.ended() == 1


@pytest.mark.parametrize(("shut_down", "expected"), [(False, 1), (True, 0)])
async def test_end_of_input(tmp_path: Path, shut_down: bool, expected: int) -> None:
    async with spawned(tmp_path) as client:
        await up(client)
        if shut_down:
            await client.request(2, "shutdown")
        else:
            # In the middle of a frame, and with a request that nobody has answered yet.
            client.ask("open", "textDocument/diagnostic", {"textDocument": {"uri": URI}})
            client.send_bytes(b"Content-Length: 500\r\n\r\n{")
        began = time.monotonic()
        client.writer.close()
        assert await client.ended() == expected
        assert time.monotonic() - began < 2
        if not shut_down:
            assert [message["id"] for message in await client.rest() if "id" in message] == ["open"]


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_signals(tmp_path: Path, number: signal.Signals) -> None:
    root = tmp_path / "work"
    root.mkdir()
    (root / "a.py").write_text("def area(): pass\n", encoding="utf-8")
    async with spawned(tmp_path / "home") as client:
        await client.begin(root, textDocument={"hover": {}})
        client.open(URI, "def area(): pass\n")
        await indexed(client)
        children = psutil.Process(client.process.pid).children(recursive=True)
        began = time.monotonic()
        client.process.send_signal(number)
        assert await client.ended() == 128 + number
        assert time.monotonic() - began < 2
        # Nothing is lost, and no worker is left behind.
        assert sound(tmp_path / "home") == [("ok", 1)]
        assert not [child for child in psutil.wait_procs(children, timeout=2)[1] if child.is_running()]


@posix
async def test_an_editor_that_was_killed_while_its_pipe_stays_open(tmp_path: Path) -> None:
    # The editor is a child of ours that is killed and, on purpose, not reaped: a zombie is dead, too.
    editor = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time; time.sleep(60)")
    async with spawned(tmp_path) as client:
        params = {"processId": editor.pid, "capabilities": {}}
        await client.request(1, "initialize", params)
        client.open(URI, "x = 1\n")
        await client.request(2, "textDocument/hover", place(URI, 0, 0))
        began = time.monotonic()
        editor.kill()
        assert await client.ended() == 1
        assert time.monotonic() - began < 5
        await editor.wait()


async def test_a_client_in_another_container_is_served(tmp_path: Path) -> None:
    async with spawned(tmp_path) as client:
        params = {"processId": 2**22 + 5, "capabilities": {}}
        await client.request(1, "initialize", params)
        client.open(URI, "x = 1\n")
        await asyncio.sleep(0.5)
        assert "result" in await client.request(2, "textDocument/hover", place(URI, 0, 0))


async def test_prints_do_not_reach_the_protocol(tmp_path: Path) -> None:
    script = """
import asyncio, os, subprocess, sys
from copilot_lsp.app.runtime import Runtime
from copilot_lsp.lsp.stdio import stdio

class Noisy(Runtime):
    async def services(self):
        print("a print")
        sys.stdout.write("a write\\n")
        os.write(1, b"bytes\\n")
        subprocess.run([sys.executable, "-c", "print('a child')"])
        assert subprocess.run(["cat"], capture_output=True).stdout == b""
        return await super().services()

sys.exit(asyncio.run(stdio(Noisy())))
"""
    async with spawned(tmp_path, sys.executable, "-P", "-c", script) as client:
        await up(client)
        await client.request(2, "shutdown")
        client.notify("exit")
        assert await client.ended() == 0
        assert client.process.stderr is not None
        errors = await client.process.stderr.read()
        for said in (b"a print", b"a write", b"bytes", b"a child"):
            assert said in errors


async def test_garbage_on_standard_input(tmp_path: Path) -> None:
    async with spawned(tmp_path) as client:
        client.send_bytes(
            b"Content-Length: x\r\n\r\n\x00\xff garbage \r\n\r\n" + framed(b"{") + b"Content-Length: 0\r\n\r\n"
        )
        await up(client)
        client.send_bytes(b"z" * (3 << 20))
        assert await client.ended() == 1


@posix
def test_a_client_that_never_reads(tmp_path: Path) -> None:
    """The pipe is full, the client goes on asking: memory stays bounded, and the process still ends on request."""
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=private(tmp_path)
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        params = {"processId": None, "capabilities": {"textDocument": {"hover": {}}}}
        text = "def area(): pass\n" + "x = 1\n" * 5_000
        item = {"uri": URI, "languageId": "python", "version": 1, "text": text}
        for message in (
            {"id": 1, "method": "initialize", "params": params},
            {"method": "textDocument/didOpen", "params": {"textDocument": item}},
        ):
            server.stdin.write(framed(json.dumps({"jsonrpc": "2.0", **message}).encode()))
        server.stdin.flush()
        server.stdout.readline()
        process = psutil.Process(server.pid)
        os.set_blocking(server.stdin.fileno(), False)
        sent = flood(server.stdin.fileno(), seconds=4)
        grown = process.memory_info().rss
        flood(server.stdin.fileno(), seconds=1)
        assert sent > 1_000
        assert process.memory_info().rss - grown < 10 << 20
        began = time.monotonic()
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 128 + signal.SIGTERM
        assert time.monotonic() - began < 2.5


def flood(pipe: int, seconds: float) -> int:
    """Ask as fast as the server takes it; the number of questions that it took."""
    until, number, rest = time.monotonic() + seconds, 0, b""
    while time.monotonic() < until:
        if not rest:
            number += 1
            body = {"jsonrpc": "2.0", "id": number, "method": "textDocument/nothing", "params": {"x": "y" * 400}}
            rest = framed(json.dumps(body).encode())
        try:
            rest = rest[os.write(pipe, rest) :]
        except BlockingIOError:
            time.sleep(0.01)
    return number
