"""Play an editor: speak LSP to a server, keep its open files, answer what the server asks, remember every message.

The demo, the tests and the benches all talk to the server through this one client. It is plain JSON over a pair of
streams and knows nothing of pygls, so that a fault of the server's library cannot hide in the client.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from copilot_lsp.cli.buffer import Buffer, read_buffer
from copilot_lsp.cli.connection import Connection
from copilot_lsp.core.text import Position, Span

# Larger than any message that a server sends; asyncio's default of 64 KiB is for lines.
_STREAM_LIMIT = 1 << 24

# What a current editor can do: VS Code and Neovim 0.12 offer about this.
CAPABILITIES: Mapping[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"workDoneProgress": True},
    "workspace": {
        "applyEdit": True,
        "configuration": True,
        "workspaceFolders": True,
        "workspaceEdit": {"documentChanges": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "codeLens": {"refreshSupport": True},
        "diagnostics": {"refreshSupport": True},
    },
    "textDocument": {
        "synchronization": {"didSave": True},
        "completion": {
            "completionItem": {
                "snippetSupport": True,
                "documentationFormat": ["markdown", "plaintext"],
                "resolveSupport": {"properties": ["documentation", "detail", "additionalTextEdits"]},
            }
        },
        "inlineCompletion": {},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "refactor", "source"]}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
        "codeLens": {},
        "diagnostic": {"relatedDocumentSupport": False},
        "publishDiagnostics": {},
    },
}


@dataclass(slots=True)
class Editor(Connection):
    """One client of one server. `settings` is what the server gets when it pulls configuration."""

    process: asyncio.subprocess.Process | None = None
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    buffers: dict[str, Buffer] = field(default_factory=dict[str, Buffer])
    folders: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    capabilities: dict[str, Any] = field(default_factory=dict[str, Any])
    encoding: str = "utf-16"

    # The life of a session.

    async def initialize(
        self,
        root: Path | None,
        *,
        capabilities: Mapping[str, Any] = CAPABILITIES,
        options: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Introduce this editor and the folder it has open; the answer is the whole InitializeResult."""
        self.folders = [] if root is None else [folder(root)]
        params = {
            "processId": os.getpid(),
            "clientInfo": {"name": "copilot-lsp editor"},
            "rootUri": self.folders[0]["uri"] if self.folders else None,
            "workspaceFolders": self.folders or None,
            "capabilities": capabilities,
            "initializationOptions": options or {},
        }
        result: dict[str, Any] = await self.request("initialize", params)
        self.capabilities = result["capabilities"]
        self.encoding = self.capabilities.get("positionEncoding", "utf-16")
        self.notify("initialized", {})
        return result

    async def leave(self, within: float = 10.0) -> int | None:
        """Shut the server down as the protocol asks; the answer is its exit code, None where it is not our child."""
        await self.request("shutdown", None, within)
        self.notify("exit", None)
        if self.process is None:
            return None
        async with asyncio.timeout(within):
            return await self.process.wait()

    # Open files.

    def open(self, path: Path, language: str, text: str | None = None) -> Buffer:
        """Open a file, with the text on disk unless another is given."""
        buffer = read_buffer(path, language, self.encoding, text)
        self.buffers[buffer.uri] = buffer
        self.notify("textDocument/didOpen", {"textDocument": buffer.item})
        return buffer

    def replace(self, buffer: Buffer, span: Span, text: str) -> Position:
        """Replace a span in an open file; the answer is the place behind the new text."""
        start = buffer.document.offset(span.start)
        self.notify("textDocument/didChange", buffer.changed(span, text))
        return buffer.document.position(start + len(text))

    def insert(self, buffer: Buffer, position: Position, text: str) -> Position:
        """Type a text in an open file; the answer is the place behind it."""
        return self.replace(buffer, Span(position, position), text)

    def save(self, buffer: Buffer, path: Path) -> None:
        """Write an open file to disk and tell the server."""
        path.write_text(buffer.text, encoding="utf-8", newline="")
        self.notify("textDocument/didSave", {"textDocument": buffer.identifier})

    def close(self, buffer: Buffer) -> None:
        self.buffers.pop(buffer.uri, None)
        self.notify("textDocument/didClose", {"textDocument": buffer.identifier})

    def apply(self, workspace_edit: Mapping[str, Any]) -> None:
        """Carry out a WorkspaceEdit on the open files. Raises KeyError for a file that is not open."""
        changes: Mapping[str, Any] = workspace_edit.get("changes") or {}
        for uri, edits in changes.items():
            self.notify("textDocument/didChange", self.buffers[uri].edited(edits))
        for change in workspace_edit.get("documentChanges") or ():
            buffer = self.buffers[change["textDocument"]["uri"]]
            self.notify("textDocument/didChange", buffer.edited(change["edits"]))

    async def carry_out(self, action: Mapping[str, Any]) -> None:
        """Do what a code action stands for: resolve it if need be, apply its edit, then run its command."""
        if "edit" not in action and "command" not in action:
            action = await self.request("codeAction/resolve", action)
        if edit := action.get("edit"):
            self.apply(edit)
        if command := action.get("command"):
            # A bare Command is an action too; its own name is then where the other form has the whole command.
            chosen = cast("Mapping[str, Any]", command) if isinstance(command, Mapping) else action
            params = {"command": chosen["command"], "arguments": chosen.get("arguments", [])}
            await self.request("workspace/executeCommand", params)

    # What editors ask most.

    async def at(self, method: str, buffer: Buffer, position: Position, **more: Any) -> Any:
        """Ask something about a place in an open file."""
        return await self.request(
            method, {"textDocument": buffer.identifier, "position": buffer.place(position), **more}
        )

    async def inline(self, buffer: Buffer, position: Position) -> list[dict[str, Any]]:
        """The ghost texts at a place, best first."""
        context = {"triggerKind": 2}
        return _items(await self.at("textDocument/inlineCompletion", buffer, position, context=context))

    async def completion(self, buffer: Buffer, position: Position) -> list[dict[str, Any]]:
        """The items of the completion popup at a place."""
        return _items(await self.at("textDocument/completion", buffer, position, context={"triggerKind": 1}))

    async def diagnostics(self, buffer: Buffer) -> list[dict[str, Any]]:
        """The diagnostics of an open file, pulled."""
        report = await self.request("textDocument/diagnostic", {"textDocument": buffer.identifier})
        return report.get("items", [])

    async def actions(
        self, buffer: Buffer, span: Span, diagnostics: Sequence[Mapping[str, Any]] = ()
    ) -> list[dict[str, Any]]:
        """The code actions for a span."""
        params = {
            "textDocument": buffer.identifier,
            "range": buffer.range(span),
            "context": {"diagnostics": list(diagnostics)},
        }
        return await self.request("textDocument/codeAction", params) or []

    # What the server asks.

    def __post_init__(self) -> None:
        self.answers = {
            "client/registerCapability": _accept,
            "client/unregisterCapability": _accept,
            "window/showDocument": lambda params: {"success": True},
            "window/showMessageRequest": _accept,
            "window/workDoneProgress/create": _accept,
            "workspace/applyEdit": self._apply_edit,
            "workspace/codeLens/refresh": _accept,
            "workspace/configuration": self._configuration,
            "workspace/diagnostic/refresh": _accept,
            "workspace/workspaceFolders": lambda params: self.folders or None,
            **self.answers,
        }

    def _configuration(self, params: Any) -> list[Any]:
        return [_section(self.settings, item.get("section", "")) for item in params["items"]]

    def _apply_edit(self, params: Any) -> dict[str, bool]:
        self.apply(params["edit"])
        return {"applied": True}


def folder(path: Path) -> dict[str, str]:
    """A WorkspaceFolder."""
    return {"uri": path.absolute().as_uri(), "name": path.name}


def _items(found: Any) -> list[dict[str, Any]]:
    """The items of an answer that may be a list object, a bare list, or null."""
    return cast("dict[str, Any]", found)["items"] if isinstance(found, dict) else found or []


def _accept(_: Any) -> None:
    """The answer to a request that only wants to be acknowledged."""


@asynccontextmanager
async def spawned(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    errors: IO[bytes] | None = None,
) -> AsyncGenerator[Editor]:
    """An editor on a server that it starts as its child and talks to over pipes; killed if it still runs at the end."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL if errors is None else errors,
        cwd=cwd,
        env=env,
        limit=_STREAM_LIMIT,
    )
    reader, writer = cast("asyncio.StreamReader", process.stdout), cast("asyncio.StreamWriter", process.stdin)
    try:
        async with listening(Editor(reader, writer, process=process)) as editor:
            yield editor
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()


@asynccontextmanager
async def connected(address: Path | tuple[str, int]) -> AsyncGenerator[Editor]:
    """An editor on a server that listens on a Unix socket (a path) or on TCP (host and port)."""
    if isinstance(address, Path):
        reader, writer = await asyncio.open_unix_connection(address, limit=_STREAM_LIMIT)
    else:
        reader, writer = await asyncio.open_connection(*address, limit=_STREAM_LIMIT)
    async with listening(Editor(reader, writer)) as editor:
        yield editor


@asynccontextmanager
async def listening(editor: Editor) -> AsyncGenerator[Editor]:
    """The editor, taking what the server sends until the end of the block, where it hangs up."""
    # A TaskGroup would wrap what the body raises in a group, and a test's failure with it; this owner is as strict.
    task = asyncio.create_task(editor.listen(), name="editor.listen")
    try:
        yield editor
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        editor.writer.close()


def _section(settings: Mapping[str, Any], dotted: str) -> Any:
    node: Any = settings
    for name in filter(None, dotted.split(".")):
        node = cast("Mapping[str, Any]", node).get(name) if isinstance(node, Mapping) else None
    return node
