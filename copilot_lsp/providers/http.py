"""Speak HTTP to one model server: bounded, without redirects, with errors that say what to do.

The only module that knows httpx2. Deadlines after the connection is made are the caller's: a read timeout does not stop
a server that drips bytes.
"""

import json
import logging
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2

from copilot_lsp.core.errors import ProviderProtocolError, ProviderTimeout, ProviderUnavailable
from copilot_lsp.providers.refusal import Server, error_text, fit_to_show, refusal, wait_of

log = logging.getLogger(__name__)

LONGEST_LINE = 4 * 2**20  # llama.cpp's last line echoes the whole prompt
LONGEST_STREAM = 16 * 2**20
LONGEST_BODY = 16 * 2**20  # vectors come as a single JSON text
LONGEST_ERROR = 64 * 2**10
Body = Mapping[str, Any]
_JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response: its status, and its body as JSON (None when it is none)."""

    status: int
    value: Any


class Http:
    """Requests to one server over a pool of connections."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.local = is_loopback(server.url)
        headers = {"accept-encoding": "identity", "user-agent": "copilot-lsp"}
        secure = server.url.startswith("https:")
        if server.key:
            headers["authorization"] = f"Bearer {server.key}"
            if not (secure or self.local):
                log.warning("the API key goes to %s unencrypted; use https if the server can", server.where)
        # Reading the certificate store takes 30 ms and only https needs it.
        self._client = httpx2.AsyncClient(
            base_url=server.url,
            headers=headers,
            verify=True if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            timeout=httpx2.Timeout(None, connect=server.connect),
            follow_redirects=False,
            trust_env=not self.local,
            limits=httpx2.Limits(max_connections=32, max_keepalive_connections=8, keepalive_expiry=4.0),
        )

    async def ask(self, method: str, path: str, body: Body | None = None) -> Answer:
        """The answer, whatever its status; for telling servers apart."""
        async with self._response(method, path, body) as response:
            return Answer(response.status_code, _json(await self._read(response, LONGEST_BODY)))

    async def json(self, method: str, path: str, body: Body | None = None) -> dict[str, Any]:
        """The body of a successful answer, a JSON object."""
        async with self._response(method, path, body) as response:
            await self._check(response, body)
            return self.parsed(await self._read(response, LONGEST_BODY))

    async def lines(self, path: str, body: Body) -> AsyncGenerator[bytes]:
        """The lines of a streamed answer, without line ends, empty ones included."""
        async with self._response("POST", path, body) as response:
            await self._check(response, body)
            held: list[bytes] = []
            pending = 0
            async with aclosing(self._blocks(response, LONGEST_STREAM)) as blocks:
                async for block in blocks:
                    first, *more = block.split(b"\n")
                    held.append(first)
                    pending += len(first)
                    for following in more:
                        yield b"".join(held).rstrip(b"\r")
                        held, pending = [following], len(following)
                    if pending > LONGEST_LINE:
                        raise self.garbled("its answer holds a line without end")
            if pending:
                yield b"".join(held)

    def parsed(self, text: bytes) -> dict[str, Any]:
        """A JSON object."""
        value = _json(text)
        if not isinstance(value, dict):
            raise self.garbled("what should be a JSON object is none")
        return cast("dict[str, Any]", value)

    async def close(self) -> None:
        await self._client.aclose()

    def garbled(self, what: str) -> ProviderProtocolError:
        """The error for an answer that is not what the server's protocol says."""
        return ProviderProtocolError(f"{self.server.where} does not speak its protocol: {what}")

    def failed(self, value: object, body: Body) -> ProviderUnavailable:
        """The error for a failure that the server reports within an answer that began well."""
        return ProviderUnavailable(f"{self.server.where} failed: {self._message(value, body) or 'it does not say why'}")

    @asynccontextmanager
    async def _response(self, method: str, path: str, body: Body | None) -> AsyncGenerator[httpx2.Response]:
        """Send a request; the connection is given back when its answer was read, and closed when it was not."""
        try:
            response = await self._send(method, path, body)
            try:
                yield response
            finally:
                await response.aclose()
        except httpx2.ConnectTimeout:
            raise ProviderTimeout(f"{self._no_answer} within {self.server.connect:g} s; {self.server.hint}") from None
        except httpx2.ConnectError as error:
            why = " (its certificate is not valid)" if "CERTIFICATE" in str(error) else ""
            raise ProviderUnavailable(f"{self._no_answer}{why}; {self.server.hint}") from None
        except (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError):
            raise ProviderUnavailable(f"{self.server.where} broke off the connection; {self.server.hint}") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ProviderUnavailable(f"{self.server.where} cannot be asked: {type(error).__name__}") from None

    async def _send(self, method: str, path: str, body: Body | None) -> httpx2.Response:
        """The beginning of an answer. A connection that was kept open may be closed by the server just when it is used
        again, which says nothing about the server: then the request is made once more, on a new one.
        """
        try:
            return await self._client.send(self._request(method, path, body), stream=True)
        except (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError):
            return await self._client.send(self._request(method, path, body), stream=True)

    def _request(self, method: str, path: str, body: Body | None) -> httpx2.Request:
        return self._client.build_request(method, path, content=_encoded(body), headers=_JSON if body else None)

    @property
    def _no_answer(self) -> str:
        return f"{self.server.name} does not answer at {self.server.url}"

    async def _blocks(self, response: httpx2.Response, most: int) -> AsyncGenerator[bytes]:
        coding = response.headers.get("content-encoding", "identity")
        if coding != "identity":
            # Not asked for, and a small body may unpack to gigabytes.
            raise self.garbled(f"its answer is packed with {coding[:20]!r}")
        received = 0
        async for block in response.aiter_raw():
            received += len(block)
            if received > most:
                raise self.garbled("its answer has no end")
            yield block

    async def _read(self, response: httpx2.Response, most: int) -> bytes:
        async with aclosing(self._blocks(response, most)) as blocks:
            return b"".join([block async for block in blocks])

    async def _check(self, response: httpx2.Response, body: Body | None) -> None:
        if response.status_code == 200:
            return
        try:
            value = _json(await self._read(response, LONGEST_ERROR))
        except ProviderProtocolError:
            value = None  # the status says enough
        wait = wait_of(response.headers.get("retry-after", ""))
        raise refusal(self.server, response.status_code, self._message(value, body), wait)

    def _message(self, value: object, body: Body | None) -> str:
        """What the server says of an error, fit to show. It may name the model, but nothing else of the request."""
        sent = {key: sent for key, sent in (body or {}).items() if key != "model"}
        return fit_to_show(error_text(value), self.server.key, sent)


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _encoded(body: Body | None) -> bytes | None:
    """A body as JSON; halves of surrogate pairs, which an editor may send and no server reads, become "?"."""
    return None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _json(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
