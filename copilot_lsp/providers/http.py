"""Speak HTTP to one model server: bounded, without redirects, with errors that say what to do.

The only module that knows httpx2. Deadlines after the connection is made are the caller's: a read timeout does not stop
a server that drips bytes.
"""

import json
import re
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2

from copilot_lsp.core.errors import (
    ProviderError,
    ProviderLoading,
    ProviderMisconfigured,
    ProviderProtocolError,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)

LONGEST_LINE = 4 * 2**20  # llama.cpp's last line echoes the whole prompt
LONGEST_STREAM = 64 * 2**20
LONGEST_BODY = 64 * 2**20  # a batch of vectors is a single JSON text
LONGEST_ERROR = 64 * 2**10
_REPEATED = 16  # so many characters of a request in an error message are no coincidence
_LOADING = re.compile(r"loading", re.IGNORECASE)
_TOO_LONG = re.compile(r"exceed_context_size|context (?:length|size|window)|too (?:large|long)", re.IGNORECASE)
Body = Mapping[str, Any]


class PromptTooLong(ProviderRejected):
    """The prompt does not fit the model; less text may."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response: its status, and its body as JSON (None when it is none)."""

    status: int
    value: Any


@dataclass(frozen=True, slots=True)
class Server:
    """How one server is reached. `hint` ends the sentence "NAME does not answer at URL; ..."."""

    name: str
    url: str
    key: str = ""
    hint: str = ""
    connect: float = 1.0


class Http:
    """Requests to one server over a pool of connections."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.local = is_loopback(server.url)
        headers = {"accept-encoding": "identity", "user-agent": "copilot-lsp"}
        if server.key:
            headers["authorization"] = f"Bearer {server.key}"
        # Reading the certificate store takes 30 ms and only https needs it.
        secure = server.url.startswith("https:")
        self._client = httpx2.AsyncClient(
            base_url=server.url,
            headers=headers,
            verify=True if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            timeout=httpx2.Timeout(None, connect=server.connect),
            follow_redirects=False,
            trust_env=not self.local,
            limits=httpx2.Limits(max_connections=32, max_keepalive_connections=8),
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
            received, pending = 0, 0
            async for block in self._blocks(response):
                received += len(block)
                first, *more = block.split(b"\n")
                held.append(first)
                pending += len(first)
                for following in more:
                    yield b"".join(held).rstrip(b"\r")
                    held, pending = [following], len(following)
                if pending > LONGEST_LINE:
                    raise self.garbled("its answer holds a line without end")
                if received > LONGEST_STREAM:
                    raise self.garbled("its answer has no end")
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
        return ProviderProtocolError(f"{self.where} does not speak its protocol: {what}")

    def refused(self, status: int, message: str, wait: float = 0.0) -> ProviderError:
        """The error for a status and the server's own words."""
        server = self.server
        said = f": {message}" if message else ""
        place = f"providers.endpoints.{server.name}"
        if status in (401, 403):
            return ProviderMisconfigured(f"{self.where} refuses the API key{said}; set {place}.api_key_env")
        if 300 <= status < 400:
            return ProviderMisconfigured(f"{self.where} redirects elsewhere; set {place}.url to where it really is")
        if status == 404:
            return ProviderMisconfigured(f"{self.where} does not have what was asked for{said}")
        if _TOO_LONG.search(message):
            return PromptTooLong(f"{self.where} refuses the request{said}")
        if status == 503 and _LOADING.search(message):
            return ProviderLoading(f"{self.where} is loading its model", wait)
        if status == 429 or status == 408 or (status >= 500 and status != 501):
            return ProviderUnavailable(f"{self.where} answers with status {status}{said}", wait)
        return ProviderRejected(f"{self.where} refuses the request with status {status}{said}")

    @property
    def where(self) -> str:
        return f"{self.server.name} at {self.server.url}"

    @asynccontextmanager
    async def _response(self, method: str, path: str, body: Body | None) -> AsyncGenerator[httpx2.Response]:
        """Send a request; the connection is given back when its answer was read, and closed when it was not."""
        try:
            request = self._client.build_request(method, path, json=body)
            response = await self._client.send(request, stream=True)
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
            raise ProviderUnavailable(f"{self.where} broke off the connection; {self.server.hint}") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ProviderUnavailable(f"{self.where} cannot be asked: {type(error).__name__}") from None

    @property
    def _no_answer(self) -> str:
        return f"{self.server.name} does not answer at {self.server.url}"

    async def _blocks(self, response: httpx2.Response) -> AsyncGenerator[bytes]:
        coding = response.headers.get("content-encoding", "identity")
        if coding != "identity":
            # Not asked for, and a small body may unpack to gigabytes.
            raise self.garbled(f"its answer is packed with {coding[:20]!r}")
        async for block in response.aiter_raw():
            yield block

    async def _read(self, response: httpx2.Response, most: int) -> bytes:
        blocks: list[bytes] = []
        received = 0
        async for block in self._blocks(response):
            received += len(block)
            if received > most:
                raise self.garbled("its answer is too large")
            blocks.append(block)
        return b"".join(blocks)

    async def _check(self, response: httpx2.Response, body: Body | None) -> None:
        if response.status_code == 200:
            return
        try:
            value = _json(await self._read(response, LONGEST_ERROR))
        except ProviderProtocolError:
            value = None  # the status says enough
        message = self.message(value, body)
        raise self.refused(response.status_code, message, _seconds(response.headers.get("retry-after", "")))

    def message(self, value: object, body: Body | None) -> str:
        """What a server says of an error, fit to show: one short line that repeats neither the key nor the request."""
        text = error_text(value)
        if self.server.key:
            text = text.replace(self.server.key, "(the API key)")
        text = " ".join("".join(one if one.isprintable() else " " for one in text).split())[:200]
        sent = "" if body is None else json.dumps(body, ensure_ascii=False)
        windows = (text[at : at + _REPEATED] for at in range(len(text) - _REPEATED + 1))
        return "(its words repeat the request)" if any(window in sent for window in windows) else text


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def error_text(value: object) -> str:
    """The words of an error in any of the usual shapes, `{"error": text}` or `{"error": {"message": text}}`."""
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        for key in ("error", "message", "detail"):
            if key in fields:
                return error_text(fields[key])
    return value if isinstance(value, str) else ""


def _json(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _seconds(header: str) -> float:
    """The wait that a Retry-After header asks for, at most five minutes."""
    try:
        wait = float(header)
    except ValueError:
        try:
            wait = (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return 0.0
    return min(300.0, wait) if wait > 0 else 0.0
