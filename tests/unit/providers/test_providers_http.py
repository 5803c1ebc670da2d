"""Connections that are kept open: a server may close one just when it is used again."""

import asyncio

import pytest

from copilot_lsp.core.errors import ProviderUnavailable
from copilot_lsp.providers.http import Http
from copilot_lsp.providers.refusal import Server

ANSWER = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{"ok":true}'


async def serving(answers_per_connection: int) -> tuple[asyncio.Server, str, list[int]]:
    """A server that promises to keep connections and closes each at the request after so many answers."""
    requests: list[int] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(0)
        number = len(requests) - 1
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                requests[number] += 1
                if requests[number] > answers_per_connection:
                    break
                writer.write(ANSWER)
        except asyncio.IncompleteReadError:
            pass
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", requests


async def test_a_kept_connection_that_was_closed_is_replaced() -> None:
    server, url, requests = await serving(answers_per_connection=1)
    http = Http(Server("one", url))
    for _ in range(3):
        assert await http.json("GET", "/x") == {"ok": True}
    await http.close()
    server.close()
    # Each connection but the last answered once and was asked in vain once.
    assert requests == [2, 2, 1]


async def test_a_server_that_always_hangs_up_is_asked_twice_and_no_more() -> None:
    server, url, requests = await serving(answers_per_connection=0)
    http = Http(Server("one", url))
    with pytest.raises(ProviderUnavailable, match="broke off"):
        await http.json("GET", "/x")
    await http.close()
    server.close()
    assert requests == [1, 1]
