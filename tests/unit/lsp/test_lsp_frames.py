"""Are messages found in any stream of bytes, and is one bad header all that is lost by it?"""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw import framed

from copilot_lsp.lsp.frames import BODY_LIMIT, BadStream, Frames

GOOD = framed(b'{"a": 1}')


def bodies(*pieces: bytes, strict: bool = False) -> list[bytes]:
    frames = Frames(strict=strict)
    return [body for piece in pieces for body in frames.feed(piece)]


@given(st.lists(st.binary(max_size=300), max_size=8), st.data())
def test_bodies_survive_any_split(sent: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(framed(body) for body in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=20)))
    pieces = [stream[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert bodies(*pieces) == sent


def test_one_byte_at_a_time() -> None:
    stream = b"Content-Type: x\r\n" + GOOD + GOOD
    assert bodies(*[stream[at : at + 1] for at in range(len(stream))]) == [b'{"a": 1}'] * 2


@pytest.mark.parametrize(
    "header",
    [
        b"content-length: 2\r\n\r\n",
        b"CONTENT-LENGTH:2\r\n\r\n",
        b"Content-Length: 2\n\n",
        b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n\r\n",
        b"X-Other: whatever\r\nContent-Length: 2\r\n\r\n",
        b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n",
    ],
)
def test_headers_that_are_understood(header: bytes) -> None:
    assert bodies(header + b"{}" + GOOD) == [b"{}", b'{"a": 1}']


def test_an_empty_body_is_a_message() -> None:
    assert bodies(b"Content-Length: 0\r\n\r\n" + GOOD) == [b"", b'{"a": 1}']


@pytest.mark.parametrize(
    "garbage",
    [
        b"garbage\r\n\r\n",
        b"garbage without an end ",
        b"Content-Length: -5\r\n\r\n",
        b"Content-Length: many\r\n\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"Content-Length: %d\r\n\r\n" % (BODY_LIMIT + 1),
        b"Content-Length: 99999999999999999999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"Content-Type: only\r\n\r\n",
        b"\r\n\r\n\r\n",
        b"x" * 20_000,
        bytes(range(256)),
    ],
)
def test_garbage_costs_nothing_after_it(garbage: bytes) -> None:
    assert bodies(garbage, GOOD)[-1:] == [b'{"a": 1}']
    assert bodies(garbage + GOOD + GOOD)[-1:] == [b'{"a": 1}']


@given(st.binary(max_size=2_000), st.integers(1, 50))
def test_any_bytes_leave_a_stream_that_recovers(garbage: bytes, size: int) -> None:
    frames = Frames()
    for at in range(0, len(garbage), size):
        list(frames.feed(garbage[at : at + size]))
    # A false length in the garbage may swallow messages up to that length; then they are found again.
    for _ in range(3_000):
        if b'{"a": 1}' in list(frames.feed(GOOD)):
            return
    assert any(word in garbage.lower() for word in (b"content-length",))


def test_endless_garbage_is_the_end() -> None:
    frames = Frames()
    chunks = [b"y" * 50_000] * 100
    with pytest.raises(BadStream):
        list(chain.from_iterable(map(frames.feed, chunks)))


@pytest.mark.parametrize(
    "request_",
    [
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        b"Host: localhost\r\nContent-Length: 2\r\n\r\n{}",
        b"Content-Length: -1\r\n\r\n" + GOOD,
        b"\x16\x03\x01\x02\x00" * 4_000,
    ],
)
def test_a_socket_is_strict(request_: bytes) -> None:
    with pytest.raises(BadStream):
        bodies(request_, strict=True)


def test_strict_takes_what_is_well_formed() -> None:
    assert bodies(GOOD, b"Content-Type: x\r\n" + GOOD, strict=True) == [b'{"a": 1}'] * 2
