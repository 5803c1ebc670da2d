"""Makes up what a client, a bad client and an attacker send. The same seed makes the same messages."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from raw import framed

SOURCE = [
    "def area(width, height):\n    return width * height\n",
    "class Shape:\n    name = 'é\U0001f600'\n\n    def draw(self):\n        print(self.name)\n",
    "for item in range(10):\n    print(item, '漢')\n",
    "x = (1,\n",
    '"""unclosed\n',
    "\r\n\t\0 \u2028 }}}{{{\r",
    "\ud800 lone\n",
]
METHODS = [
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/inlineCompletion",
    "textDocument/diagnostic",
    "textDocument/codeAction",
    "textDocument/codeLens",
    "completionItem/resolve",
    "codeAction/resolve",
    "codeLens/resolve",
    "workspace/executeCommand",
    "textDocument/teleport",
    "workspace/symbol",
    "initialize",
]
NOTICES = [
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didClose",
    "textDocument/didSave",
    "workspace/didChangeConfiguration",
    "workspace/didChangeWatchedFiles",
    "$/setTrace",
    "$/progress",
    "window/workDoneProgress/cancel",
    "initialized",
    "no/such/notice",
]
# None of these announces a length that is true: what follows them is found again.
GARBAGE = [
    b"garbage\r\n\r\n",
    b"Content-Length: -1\r\n\r\n",
    b"Content-Length: 12345678901234567890\r\n\r\n",
    b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n",
    b"Content-Type: nothing else\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x00\xff\xfe\r\n\r\n\r\n",
    b"\r\n",
    b"{}",
]
BROKEN = [b"", b"{", b"[1,", b"\xff\xfe", b"nul", b'{"jsonrpc":"2.0","id":1', b"[" * 2_000, b"NaN"]
JUNK = [None, 0, -1, 2**31, 2**64, 1.5, True, "", "x", "\ud800", [], [[]], {}, {"uri": 5}, {"line": "0"}, "y" * 300]


class Fuzz:
    """`messages` yields frames; `asked` counts how often each id was used in a request that must be answered."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.asked: Counter[Any] = Counter()
        self.uris = [f"file:///fuzz/{number}.py" for number in range(12)] + ["untitled:1", "file:///fuzz/a%20b.js"]
        self.number = 0

    def messages(self, count: int) -> Iterator[bytes]:
        kinds: list[tuple[int, Callable[[], bytes]]] = [
            (34, self.change),
            (6, self.open),
            (3, self.close),
            (4, self.save),
            (22, self.request),
            (10, self.cancel),
            (9, self.bad_request),
            (5, self.bad_notice),
            (3, lambda: framed(self.random.choice(BROKEN))),
            (3, lambda: self.random.choice(GARBAGE)),
            (1, self.odd),
        ]
        weights = [weight for weight, _ in kinds]
        for _ in range(count):
            yield self.random.choices(kinds, weights)[0][1]()

    def frame(self, **message: Any) -> bytes:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        style = self.random.random()
        if style < 0.9:
            return framed(body)
        if style < 0.95:
            return b"content-length:%d\n\n%b" % (len(body), body)
        return b"Content-Type: x\r\nX-Y: z\r\nCONTENT-LENGTH: %d\r\n\r\n%b" % (len(body), body)

    def asking(self, method: str, params: Any) -> bytes:
        self.number += 1
        number: Any = self.number if self.random.random() < 0.8 else f"id-{self.number}"
        self.asked[number] += 1
        return self.frame(id=number, method=method, params=params)

    def place(self) -> dict[str, int]:
        return {"line": self.random.randrange(8), "character": self.random.randrange(30)}

    def range(self) -> dict[str, Any]:
        return {"start": self.place(), "end": self.place()}

    def uri(self) -> str:
        return self.random.choice(self.uris)

    def text(self) -> str:
        return "".join(self.random.choices(SOURCE, k=self.random.randrange(1, 4)))

    def open(self) -> bytes:
        item = {"uri": self.uri(), "languageId": "python", "version": self.random.randrange(9), "text": self.text()}
        return self.frame(method="textDocument/didOpen", params={"textDocument": item})

    def change(self) -> bytes:
        changes: list[dict[str, Any]] = []
        for _ in range(self.random.randrange(1, 3)):
            change: dict[str, Any] = {"text": self.random.choice(["", "a", "(", ")", "\n", "é", "\U0001f600"])}
            # Now and then the whole text anew, so that documents stay small.
            if self.random.random() < 0.9:
                change["range"] = self.range()
            else:
                change["text"] = self.text()
            changes.append(change)
        identifier = {"uri": self.uri(), "version": self.random.randrange(99)}
        params = {"textDocument": identifier, "contentChanges": changes}
        return self.frame(method="textDocument/didChange", params=params)

    def close(self) -> bytes:
        return self.frame(method="textDocument/didClose", params={"textDocument": {"uri": self.uri()}})

    def save(self) -> bytes:
        return self.frame(method="textDocument/didSave", params={"textDocument": {"uri": self.uri()}})

    def request(self) -> bytes:
        method = self.random.choice(METHODS[:6])
        params: dict[str, Any] = {"textDocument": {"uri": self.uri()}, "position": self.place()}
        params |= {"context": {"triggerKind": 1, "diagnostics": []}, "range": self.range()}
        if self.random.random() < 0.2:
            params |= {"partialResultToken": self.number, "workDoneToken": f"t{self.number}"}
        return self.asking(method, params)

    def cancel(self) -> bytes:
        near = self.number - self.random.randrange(-3, 5)
        number: Any = self.random.choice([near, f"id-{near}", self.random.choice(JUNK)])
        return self.frame(method="$/cancelRequest", params={"id": number})

    def bad_request(self) -> bytes:
        return self.asking(self.random.choice(METHODS), self.junk(3))

    def bad_notice(self) -> bytes:
        return self.frame(method=self.random.choice(NOTICES), params=self.junk(3))

    def junk(self, depth: int) -> Any:
        """Something that has the keys of parameters and not their types."""
        if depth == 0 or self.random.random() < 0.3:
            return self.random.choice(JUNK)
        if self.random.random() < 0.2:
            return [self.junk(depth - 1) for _ in range(3)]
        keys = ["textDocument", "uri", "position", "range", "contentChanges", "context", "data", "arguments", "command"]
        keys += ["settings", "changes", "event", "value", "token", "version", "text", "start", "line", "label"]
        made = {key: self.junk(depth - 1) for key in self.random.sample(keys, 5)}
        if self.random.random() < 0.5:
            made["textDocument"] = {"uri": self.uri(), "version": 1}
        return made

    def odd(self) -> bytes:
        """What is no request and no notification: batches, answers, messages without a method."""
        odd: list[Any] = [
            [],
            [{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}],
            5,
            None,
            {},
            {"jsonrpc": "2.0", "id": "never asked", "result": None},
            {"jsonrpc": "2.0", "id": "never asked", "error": {"code": 1}},
            {"jsonrpc": "2.0", "id": None, "method": "shutdown"},
            {"jsonrpc": "2.0", "id": 1.5, "method": "shutdown"},
        ]
        return framed(json.dumps(self.random.choice(odd)).encode())
