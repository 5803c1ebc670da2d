"""Does the client read a stream of messages right, and say so when it is none?"""

import asyncio

import pytest

from copilot_lsp.cli.wire import frame, read


def stream(data: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return reader


async def test_messages_come_one_by_one_whatever_the_case_of_the_header() -> None:
    data = frame({"id": 1, "result": "é"}) + frame({"id": 2}).replace(b"Content-Length", b"content-LENGTH")
    reader = stream(data)
    assert await read(reader) == {"id": 1, "result": "é"}
    assert await read(reader) == {"id": 2}
    assert await read(reader) is None


async def test_a_stream_that_ends_within_a_message_has_ended() -> None:
    assert await read(stream(frame({"id": 1})[:-3])) is None


@pytest.mark.parametrize("data", [b"hello\r\n\r\n", b"Content-Type: x\r\n\r\n{}", b"Content-Length: many\r\n\r\n{}"])
async def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        await read(stream(data))
