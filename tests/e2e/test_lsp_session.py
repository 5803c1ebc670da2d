"""Does a session do with its client what that client can do: settings, folders, watchers, progress, pushed findings?"""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from raw import Message, Raw, code, place, session

BROKEN = "def f(:\n    return (1\n"
FULL = {
    "workspace": {
        "applyEdit": True,
        "configuration": True,
        "workspaceFolders": True,
        "workspaceEdit": {"documentChanges": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "didChangeConfiguration": {"dynamicRegistration": True},
        "diagnostics": {"refreshSupport": True},
        "codeLens": {"refreshSupport": True},
    },
    "window": {"workDoneProgress": True},
    "textDocument": {
        "hover": {"contentFormat": ["markdown"]},
        "codeLens": {},
        "diagnostic": {},
        "inlineCompletion": {},
        "completion": {
            "completionItem": {
                "insertReplaceSupport": True,
                "labelDetailsSupport": True,
                "documentationFormat": ["markdown"],
                "resolveSupport": {"properties": ["documentation"]},
            }
        },
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
    },
}
AREA = "def area(width, height):\n    return width * height\n\n\nprint(area(1, 2))\nprint(ar)\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "shapes.py").write_text(AREA, encoding="utf-8")
    return folder


class Client:
    """A raw client that answers what the server asks, with `settings` for our section."""

    def __init__(self, raw: Raw, settings: Any = None) -> None:
        self.raw = raw
        self.settings = settings
        self.number = 0
        self.edits: list[Message] = []

    async def ask(self, method: str, params: Any) -> Any:
        """The result of a request; raises for an error."""
        self.number += 1
        self.raw.ask(self.number, method, params)
        answer = await self.until(lambda message: message.get("id") == self.number and "method" not in message)
        assert code(answer) is None, answer
        return answer["result"]

    async def hear(self, method: str, **where: Any) -> Message:
        """The parameters of the next message of a method, with these values in them."""

        def fits(message: Message) -> bool:
            params = message.get("params") or {}
            return message.get("method") == method and all(params.get(key) == value for key, value in where.items())

        return (await self.until(fits)).get("params") or {}

    async def until(self, fits: Any) -> Message:
        while True:
            message = await self.raw.next()
            if "method" in message and "id" in message:
                self.raw.send({"jsonrpc": "2.0", "id": message["id"], "result": self.answer(message)})
            if fits(message):
                return message

    def answer(self, message: Message) -> Any:
        if message["method"] == "workspace/configuration":
            return [self.settings for _ in message["params"]["items"]]
        if message["method"] == "workspace/applyEdit":
            self.edits.append(message["params"]["edit"])
            return {"applied": True}
        return None

    def heard(self, method: str) -> list[Any]:
        return [message.get("params") for message in self.raw.messages if message.get("method") == method]


async def test_watchers_settings_and_progress(tmp_path: Path, root: Path) -> None:
    async with session(tmp_path) as (raw, _):
        client = Client(raw, {"editor": {"hover": False}, "no.such.setting": 1})
        await raw.begin(root, **FULL)
        uri = (root / "shapes.py").as_uri()
        raw.open(uri, AREA)
        assert await client.ask("textDocument/hover", place(uri, 0, 5)) is None
        warning = await client.hear("window/showMessage") if not client.heard("window/showMessage") else None
        warning = warning or client.heard("window/showMessage")[0]
        assert "no.such" in warning["message"]
        begun = await client.hear("$/progress")
        assert begun["value"]["kind"] == "begin"
        assert "work" in begun["value"]["title"]
        await client.until(lambda message: (message.get("params") or {}).get("value") == {"kind": "end"})
        [registered] = client.heard("client/registerCapability")
        methods = {one["method"]: one["registerOptions"] for one in registered["registrations"]}
        assert methods.keys() == {"workspace/didChangeWatchedFiles", "workspace/didChangeConfiguration"}
        assert any("py" in one["globPattern"] for one in methods["workspace/didChangeWatchedFiles"]["watchers"])
        assert methods["workspace/didChangeConfiguration"] == {"section": "copilotLsp"}
        # Settings that are pushed take effect at once, and what was answered before is asked for again.
        raw.notify("workspace/didChangeConfiguration", {"settings": {"copilotLsp": {"editor": {"hover": True}}}})
        await client.hear("workspace/diagnostic/refresh")
        hover = await client.ask("textDocument/hover", place(uri, 0, 5))
        assert hover["contents"]["kind"] == "markdown"
        # A push without settings asks us to pull.
        raw.notify("workspace/didChangeConfiguration", {"settings": None})
        await client.hear("workspace/codeLens/refresh")
        assert await client.ask("textDocument/hover", place(uri, 0, 5)) is None


async def test_a_client_that_can_do_nothing_is_asked_for_nothing(tmp_path: Path, root: Path) -> None:
    async with session(tmp_path) as (raw, _):
        await raw.begin(root)
        uri = (root / "shapes.py").as_uri()
        raw.open(uri, BROKEN)
        client = Client(raw)
        found = await client.hear("textDocument/publishDiagnostics", uri=uri)
        assert found["diagnostics"]
        assert found["version"] == 1
        hover = await client.ask("textDocument/hover", place(uri, 0, 5))
        assert hover is None or hover["contents"]["kind"] == "plaintext"
        assert {message.get("method") for message in raw.messages if "id" in message} == {None}


async def test_findings_are_pushed_after_typing_and_taken_back_on_close(tmp_path: Path) -> None:
    async with session(tmp_path) as (raw, _):
        await raw.begin(textDocument={"hover": {}})
        client, uri = Client(raw), "untitled:Untitled-1"
        raw.open(uri, BROKEN)
        assert (await client.hear("textDocument/publishDiagnostics", uri=uri))["diagnostics"]
        for version in range(2, 8):
            raw.change(uri, version, {"text": f"x = {version}\n"})
        last = await client.hear("textDocument/publishDiagnostics", uri=uri)
        assert (last["version"], last["diagnostics"]) == (7, [])
        raw.change(uri, 8, {"text": BROKEN})
        raw.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        closed = await client.hear("textDocument/publishDiagnostics", uri=uri)
        assert closed["diagnostics"] == []
        await asyncio.sleep(0.4)
        assert len(client.heard("textDocument/publishDiagnostics")) == 3


async def test_pulled_findings_are_sent_once(tmp_path: Path) -> None:
    async with session(tmp_path) as (raw, _):
        await raw.begin(**FULL)
        client, uri = Client(raw), "file:///a.py"
        raw.open(uri, BROKEN)
        params = {"textDocument": {"uri": uri}}
        full = await client.ask("textDocument/diagnostic", params)
        assert full["kind"] == "full"
        assert full["items"]
        same = await client.ask("textDocument/diagnostic", {**params, "previousResultId": full["resultId"]})
        assert same == {"kind": "unchanged", "resultId": full["resultId"]}
        raw.change(uri, 2, {"text": "x = 1\n"})
        other = await client.ask("textDocument/diagnostic", {**params, "previousResultId": full["resultId"]})
        assert (other["kind"], other["items"]) == ("full", [])


async def test_the_popup_comes_in_parts_and_tells_more(tmp_path: Path, root: Path) -> None:
    async with session(tmp_path) as (raw, _):
        await raw.begin(root, **FULL)
        client, uri = Client(raw), (root / "shapes.py").as_uri()
        raw.open(uri, AREA)
        whole = await client.ask("textDocument/completion", place(uri, 5, 8))
        assert whole["isIncomplete"]
        [item] = [one for one in whole["items"] if one["label"] == "area"]
        assert item["textEdit"]["newText"] == "area"
        assert item["textEdit"]["replace"] == item["textEdit"]["insert"]
        assert item["insertTextFormat"] == 1
        await client.ask("textDocument/completion", place(uri, 5, 8, partialResultToken="part"))
        parts = [params["value"] for params in client.heard("$/progress") if params["token"] == "part"]
        assert "area" in [one["label"] for one in parts[0]["items"]]
        assert all(isinstance(part, list) for part in parts[1:])
        resolved = await client.ask("completionItem/resolve", item)
        assert resolved["label"] == "area"


async def test_actions_are_offered_resolved_and_refused_when_stale(tmp_path: Path) -> None:
    async with session(tmp_path) as (raw, _):
        await raw.begin(**FULL)
        client, uri = Client(raw), "file:///a.py"
        raw.open(uri, AREA)
        params = {
            "textDocument": {"uri": uri},
            "range": {"start": {"line": 0, "character": 5}, "end": {"line": 0, "character": 5}},
            "context": {"diagnostics": []},
        }
        offered = await client.ask("textDocument/codeAction", params)
        [write] = [one for one in offered if one["kind"] == "refactor.rewrite"]
        assert "edit" not in write
        resolved = await client.ask("codeAction/resolve", write)
        [change] = resolved["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": uri, "version": 1}
        assert '"""' in change["edits"][0]["newText"]
        only = await client.ask(
            "textDocument/codeAction", {**params, "context": {"diagnostics": [], "only": ["quickfix"]}}
        )
        assert only == []
        raw.change(uri, 2, {"text": AREA + "\n"})
        assert code(await raw.request("stale", "codeAction/resolve", write)) == -32801


async def test_a_client_that_cannot_resolve_gets_commands(tmp_path: Path) -> None:
    async with session(tmp_path) as (raw, _):
        can = {"codeAction": {}, "hover": {}}
        await raw.begin(textDocument=can, workspace={"applyEdit": True})
        client, uri = Client(raw), "file:///a.py"
        raw.open(uri, AREA)
        at = {"line": 0, "character": 5}
        params = {"textDocument": {"uri": uri}, "range": {"start": at, "end": at}, "context": {"diagnostics": []}}
        offered = await client.ask("textDocument/codeAction", params)
        [write] = [one for one in offered if one["command"] == "copilotLsp.document"]
        await client.ask("workspace/executeCommand", write)
        [edit] = client.edits
        assert '"""' in edit["changes"][uri][0]["newText"]


async def test_commands_show_what_came_of_them(tmp_path: Path, root: Path) -> None:
    async with session(tmp_path) as (raw, _):
        await raw.begin(root, **FULL)
        client = Client(raw)
        answer = await client.ask("workspace/executeCommand", {"command": "copilotLsp.status", "workDoneToken": "mine"})
        assert "embedded engine" in answer["markdown"]
        assert "embedded engine" in client.heard("window/showMessage")[0]["message"]
        mine = [params["value"]["kind"] for params in client.heard("$/progress") if params["token"] == "mine"]
        assert mine[:1] == ["begin"] or not mine
        await client.until(lambda message: (message.get("params") or {}).get("value", {}).get("kind") == "end")


async def test_lenses_when_they_are_wanted(tmp_path: Path) -> None:
    async with session(tmp_path) as (raw, _):
        await raw.begin(**FULL)
        client, uri = Client(raw, {"editor": {"lenses": True}}), "file:///a.py"
        raw.open(uri, AREA)
        [lens] = await client.ask("textDocument/codeLens", {"textDocument": {"uri": uri}})
        resolved = await client.ask("codeLens/resolve", lens)
        assert resolved["command"]["command"] == ""
        assert "mention" in resolved["command"]["title"] or not resolved["command"]["title"]


async def test_folders_come_and_go_and_files_change(tmp_path: Path, root: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.py").write_text("def unheard_of(): pass\n", encoding="utf-8")
    async with session(tmp_path / "home") as (raw, _):
        await raw.begin(root, **FULL)
        client = Client(raw)
        uri = (other / "use.py").as_uri()
        raw.open(uri, "unhea\n")
        added = {"added": [{"uri": other.as_uri(), "name": "other"}], "removed": []}
        raw.notify("workspace/didChangeWorkspaceFolders", {"event": added})
        await eventually(client, uri, "unheard_of")
        (other / "c.py").write_text("def unhealed(): pass\n", encoding="utf-8")
        raw.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": (other / "c.py").as_uri(), "type": 1}]})
        await eventually(client, uri, "unhealed")
        (other / "c.py").write_text("def unheated(): pass\n", encoding="utf-8")
        raw.notify("textDocument/didSave", {"textDocument": {"uri": (other / "c.py").as_uri()}})
        await eventually(client, uri, "unheated")
        removed = {"added": [], "removed": [{"uri": other.as_uri(), "name": "other"}]}
        raw.notify("workspace/didChangeWorkspaceFolders", {"event": removed})
        await eventually(client, uri, "unheated", gone=True)


async def eventually(client: Client, uri: str, label: str, *, gone: bool = False) -> None:
    """Wait until the popup offers a name, or does no more."""
    async with asyncio.timeout(15):
        while True:
            found = await client.ask("textDocument/completion", place(uri, 0, 5))
            if (label in [item["label"] for item in found["items"]]) is not gone:
                return
            await asyncio.sleep(0.05)


async def test_other_encodings_when_nothing_else_is_offered(tmp_path: Path) -> None:
    async with session(tmp_path) as (raw, _):
        answer = await raw.begin(general={"positionEncodings": ["utf-8"]}, textDocument={"hover": {}})
        assert answer["result"]["capabilities"]["positionEncoding"] == "utf-8"
        client, uri = Client(raw), "file:///a.py"
        raw.open(uri, "x = '\U0001f600'; area = 1\ndef area(): pass\n")
        hover = await client.ask("textDocument/hover", place(uri, 1, 5))
        assert hover["range"]["start"] == {"line": 1, "character": 4}
        at = {"line": 0, "character": len("x = '\U0001f600'; ".encode())}
        raw.change(uri, 2, {"range": {"start": at, "end": at}, "text": "def size(): pass #"})
        hover = await client.ask("textDocument/hover", place(uri, 0, at["character"] + 5))
        assert "size" in hover["contents"]["value"]


async def test_trace(tmp_path: Path) -> None:
    async with session(tmp_path) as (raw, _):
        await raw.begin(textDocument={"hover": {}})
        client, uri = Client(raw), "file:///a.py"
        raw.open(uri, "def area(): pass\n")
        await client.ask("textDocument/hover", place(uri, 0, 5))
        for value in ("nonsense", None, 5, "verbose"):
            raw.notify("$/setTrace", {"value": value})
        await client.ask("textDocument/hover", place(uri, 0, 5))
        raw.notify("$/setTrace", {"value": "messages"})
        await client.ask("textDocument/hover", place(uri, 9, 9))
        raw.notify("$/setTrace", {"value": "off"})
        await client.ask("textDocument/hover", place(uri, 0, 5))
        verbose, brief = client.heard("$/logTrace")
        assert verbose["message"] == "textDocument/hover: ok"
        assert verbose["verbose"].endswith(" ms")
        assert brief == {"message": "textDocument/hover: empty"}


async def test_a_thousand_changes_of_settings(tmp_path: Path) -> None:
    async with session(tmp_path) as (raw, _):
        await raw.begin(textDocument={"hover": {}})
        client, uri = Client(raw), "file:///a.py"
        raw.open(uri, "def area(): pass\n")
        for number in range(1_001):
            settings = {"editor": {"hover": number % 2 == 0}, "index": {"enabled": "perhaps"}}
            raw.notify("workspace/didChangeConfiguration", {"settings": {"copilotLsp": settings}})
        async with asyncio.timeout(20):
            while await client.ask("textDocument/hover", place(uri, 0, 5)) is None:  # noqa: ASYNC110 - nothing tells when settings have settled
                await asyncio.sleep(0.05)
        # The last word stays, and what is wrong is said once.
        await asyncio.sleep(0.3)
        assert await client.ask("textDocument/hover", place(uri, 0, 5)) is not None
        shown = [one["message"] for one in client.heard("window/showMessage")]
        assert len(shown) == len(set(shown)) == 1


async def test_explaining_by_command(tmp_path: Path) -> None:
    async with session(tmp_path) as (raw, _):
        await raw.begin(**FULL)
        client, uri = Client(raw), "file:///a.py"
        raw.open(uri, AREA)
        argument = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 5}}
        answer = await client.ask(
            "workspace/executeCommand", {"command": "copilotLsp.explain", "arguments": [argument]}
        )
        assert "area" in answer["markdown"]


async def test_an_edit_that_the_editor_does_not_take(tmp_path: Path) -> None:
    async with session(tmp_path) as (raw, _):
        await raw.begin(textDocument={"codeAction": {}})
        uri = "file:///a.py"
        raw.open(uri, AREA)
        argument = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 5}}
        command = {"command": "copilotLsp.document", "arguments": [argument]}
        answer = await raw.request(1, "workspace/executeCommand", command)
        assert "does not let a server change" in answer["error"]["message"]


async def test_settings_files_are_read_again(tmp_path: Path, root: Path) -> None:
    async with session(tmp_path / "home") as (raw, _):
        await raw.begin(root, textDocument={"hover": {}})
        client, uri = Client(raw), (root / "shapes.py").as_uri()
        raw.open(uri, AREA)
        assert await client.ask("textDocument/hover", place(uri, 0, 5)) is not None
        (root / "copilot-lsp.toml").write_text("[editor]\nhover = false\n", encoding="utf-8")
        changed = {"changes": [{"uri": (root / "copilot-lsp.toml").as_uri(), "type": 1}]}
        raw.notify("workspace/didChangeWatchedFiles", changed)
        async with asyncio.timeout(20):
            while await client.ask("textDocument/hover", place(uri, 0, 5)) is not None:  # noqa: ASYNC110 - nothing tells when settings have settled
                await asyncio.sleep(0.05)
