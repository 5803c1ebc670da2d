"""Do the sessions of one serving process leave each other alone, and does it listen to nobody else?"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from raw import Raw, code, framed, place, private

URI = "file:///shared/a.py"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Unix sockets and POSIX signals")


@asynccontextmanager
async def serving(home: Path, *where: str) -> AsyncGenerator[tuple[asyncio.subprocess.Process, str]]:
    """A serving process and the address that it says it listens on; killed at the end if it is still there."""
    command = (sys.executable, "-P", "-m", "copilot_lsp", "serve", *where)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=private(home))
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            said = (await process.stdout.readline()).decode().strip()
        yield process, said.rpartition(" ")[2]
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@asynccontextmanager
async def client(address: str) -> AsyncGenerator[Raw]:
    if address.startswith("/"):
        reader, writer = await asyncio.open_unix_connection(address)
    else:
        reader, writer = await asyncio.open_connection(*address.rsplit(":", 1))
    try:
        yield Raw(reader, writer)
    finally:
        writer.close()


def left_over(path: str) -> bool:
    return Path(path).exists()


async def name_at(raw: Raw, number: int) -> str:
    answer = await raw.request(number, "textDocument/hover", place(URI, 0, 5))
    return answer["result"]["contents"]["value"]


async def test_sessions_leave_each_other_alone(tmp_path: Path) -> None:
    path = str(tmp_path / "socket")
    async with serving(tmp_path, "--socket", path) as (process, address):
        assert os.stat(path).st_mode & 0o077 == 0
        async with client(address) as one, client(address) as two, client(address) as three:
            for raw, name in ((one, "first"), (two, "second"), (three, "third")):
                await raw.begin(textDocument={"hover": {}})
                raw.open(URI, f"def {name}(): pass\n")
            assert "first" in await name_at(one, 1)
            assert "second" in await name_at(two, 1)
            # One leaves as it should, one without a word, one sends what is no LSP; each in the middle of a request.
            two.ask(2, "textDocument/diagnostic", {"textDocument": {"uri": URI}})
            two.writer.close()
            three.send_bytes(b"\r\nGET / HTTP/1.1\r\n\r\n")
            await three.rest()
            async with client(address) as four:
                await four.begin()
                assert code(await four.request(1, "shutdown")) is None
                four.notify("exit")
                await four.rest()
            assert "first" in await name_at(one, 2)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 3) == 128 + signal.SIGTERM
    assert not left_over(path)


async def test_the_death_of_one_editor_ends_its_session_only(tmp_path: Path) -> None:
    editor = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time; time.sleep(60)")
    async with serving(tmp_path, "--socket", str(tmp_path / "socket")) as (_, address):  # noqa: SIM117 - needs address
        async with client(address) as lives, client(address) as dies:
            await lives.begin(textDocument={"hover": {}})
            lives.open(URI, "def lives(): pass\n")
            await dies.request(1, "initialize", {"processId": editor.pid, "capabilities": {}})
            await name_at(lives, 1)
            editor.kill()
            await editor.wait()
            await dies.rest(within=6)
            assert "lives" in await name_at(lives, 2)


async def test_a_socket_that_a_dead_server_left_is_taken_and_a_live_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    async with serving(tmp_path, "--socket", str(path)) as (_, address):
        async with serving(tmp_path, "--socket", str(path)) as (second, _):
            assert await asyncio.wait_for(second.wait(), 10) not in (0, None)
        async with client(address) as raw:
            assert code(await raw.begin()) is None


async def test_what_is_no_socket_is_never_removed(tmp_path: Path) -> None:
    path = tmp_path / "precious"
    path.write_text("text", encoding="utf-8")
    async with serving(tmp_path, "--socket", str(path)) as (process, _):
        assert await asyncio.wait_for(process.wait(), 10) not in (0, None)
    assert path.read_text(encoding="utf-8") == "text"


async def test_tcp_on_loopback_speaks_no_http(tmp_path: Path) -> None:
    async with serving(tmp_path, "--tcp") as (_, address):
        async with client(address) as page:
            body = framed(b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}')
            page.send_bytes(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
            assert await page.rest() == []
        async with client(address) as raw:
            assert code(await raw.begin()) is None


async def test_other_machines_are_not_served(tmp_path: Path) -> None:
    async with serving(tmp_path, "--tcp", "--host", "0.0.0.0") as (process, _):
        assert await asyncio.wait_for(process.wait(), 10) not in (0, None)
