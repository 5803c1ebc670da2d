"""How a client's messages travel over a byte stream: the base protocol of LSP, seen from the editor's side."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

Message = dict[str, Any]


def frame(message: Mapping[str, Any]) -> bytes:
    """One message as it goes over the wire: its header, an empty line, its JSON."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


async def read(stream: asyncio.StreamReader) -> Message | None:
    """The next message, or None at the end of the stream. Raises ValueError for bytes that are no LSP message."""
    length: int | None = None
    while (line := await stream.readline()) != b"\r\n":
        if not line:
            return None
        name, colon, value = line.partition(b":")
        if not colon:
            raise ValueError(f"not an LSP header: {line[:80]!r}")
        if name.strip().lower() == b"content-length":
            length = int(value)
    if length is None:
        raise ValueError("a message without Content-Length")
    try:
        return json.loads(await stream.readexactly(length))
    except asyncio.IncompleteReadError:
        return None
