"""A client that says exactly what it is told to, byte for byte, and remembers what came back."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from copilot_lsp.app.paths import Paths
from copilot_lsp.app.runtime import Runtime
from copilot_lsp.lsp.serve import StreamChannel
from copilot_lsp.lsp.server import Server

Message = dict[str, Any]
COMMAND = (sys.executable, "-P", "-m", "copilot_lsp", "--stdio")
# Nothing outside the test: no model server of this machine, no port.
OPTIONS = {"providers": {"local_ollama": ""}, "side": {"enabled": False}}


@dataclass
class Raw:
    """One connection. `messages` holds everything that came, in order."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    messages: list[Message] = field(default_factory=list[Message])

    def send(self, *messages: Any) -> None:
        for message in messages:
            self.send_bytes(framed(json.dumps(message).encode()))

    def send_bytes(self, data: bytes) -> None:
        self.writer.write(data)

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, number: Any, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})

    async def request(self, number: Any, method: str, params: Any = None) -> Message:
        """Ask and wait for the answer; what came before it is remembered."""
        self.ask(number, method, params)
        return await self.answer(number)

    async def answer(self, number: Any) -> Message:
        """The next message that answers this id (None: an error about no request in particular)."""
        while True:
            message = await self.next()
            if "method" not in message and message.get("id") == number:
                return message

    async def hear(self, method: str) -> Message:
        """The next message of a method."""
        while (message := await self.next()).get("method") != method:
            pass
        return message

    async def next(self, within: float = 20.0) -> Message:
        async with asyncio.timeout(within):
            header = await self.reader.readuntil(b"\r\n\r\n")
            name, _, length = header.strip().partition(b":")
            assert name == b"Content-Length", header
            message = json.loads(await self.reader.readexactly(int(length)))
        self.messages.append(message)
        return message

    async def rest(self, within: float = 20.0) -> list[Message]:
        """What still comes until the server hangs up."""
        count = len(self.messages)
        try:
            while True:
                await self.next(within)
        except (asyncio.IncompleteReadError, ConnectionError):
            return self.messages[count:]

    async def begin(self, root: Path | None = None, **capabilities: Any) -> Message:
        """Initialize with these client capabilities."""
        folders = [] if root is None else [{"uri": root.as_uri(), "name": root.name}]
        params = {"processId": None, "rootUri": None, "workspaceFolders": folders, "capabilities": capabilities}
        answer = await self.request("begin", "initialize", params)
        self.notify("initialized", {})
        return answer

    def open(self, uri: str, text: str, language: str = "python", version: int = 1) -> None:
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, version: int, *changes: Message) -> None:
        identifier = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": identifier, "contentChanges": changes})


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def place(uri: str, line: int, character: int, **more: Any) -> Message:
    """The parameters of a request about a place."""
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}, **more}


def code(answer: Message) -> int | None:
    """The error code of an answer."""
    return answer["error"]["code"] if "error" in answer else None


@asynccontextmanager
async def session(home: Path, *, strict: bool = False) -> AsyncGenerator[tuple[Raw, "asyncio.Task[int]"]]:
    """A client and, in the same process, the real server at the other end of a socket; the task gives its exit code."""
    runtime = Runtime(OPTIONS, Paths(home / "cache", home / "state", home / "config"))
    ours, theirs = socket.socketpair()
    channel = StreamChannel(*await asyncio.open_connection(sock=theirs))
    serving = asyncio.create_task(Server(runtime, channel, strict=strict).converse())
    client = Raw(*await asyncio.open_connection(sock=ours, limit=1 << 24))
    try:
        yield client, serving
    finally:
        client.writer.close()
        await asyncio.gather(serving, return_exceptions=True)
        await runtime.close()


@dataclass
class Child(Raw):
    """The same for a server that is a child process over pipes."""

    process: Any = None

    async def ended(self, within: float = 10.0) -> int:
        async with asyncio.timeout(within):
            return await self.process.wait()


@asynccontextmanager
async def spawned(home: Path, *command: str) -> AsyncGenerator[Child]:
    """A server as an editor starts it, with a private home, killed at the end."""
    process = await asyncio.create_subprocess_exec(
        *(command or COMMAND),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=private(home),
        limit=1 << 24,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield Child(process.stdout, process.stdin, process=process)
    finally:
        if process.returncode is None:
            process.kill()
        process.stdin.close()
        await process.communicate()


def private(home: Path) -> dict[str, str]:
    """An environment in which a server reads and writes below `home` only, and looks for no model server."""
    config = home / "config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "config.toml").write_text('[providers]\nlocal_ollama = ""\n[side]\nenabled = false\n', encoding="utf-8")
    return {**os.environ, "COPILOT_LSP_HOME": str(home)}
