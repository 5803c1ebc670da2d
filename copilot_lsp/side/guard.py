"""Which requests to the side port come from this machine's user and not from a web page.

A page that the user visits can make the browser send requests to loopback, under its own name (DNS rebinding) or as a
cross-site request. The first names a foreign host, the second an origin that is not ours.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OUR_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_OUR_SITES = frozenset({"same-origin", "none"})
_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
)


def refusal(host: str | None, origin: str | None, site: str | None) -> int:
    """The HTTP status that refuses a request with these Host, Origin and Sec-Fetch-Site headers, or 0 to let it pass.

    The port in Host may differ from ours, as it does behind a forwarded port; the name may not.
    """
    if host is None or _name(host) not in _OUR_NAMES:
        return 421
    if origin is not None and origin.lower() != f"http://{host.lower()}":
        return 403
    if site is not None and site.lower() not in _OUR_SITES:
        return 403
    return 0


class Guard:
    """ASGI middleware around every route: refuses foreign requests and marks every answer as not for embedding."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        status = refusal(headers.get("host"), headers.get("origin"), headers.get("sec-fetch-site"))
        if status or scope["type"] != "http":
            answer = PlainTextResponse("This port answers programs on this machine only.\n", status or 403)
            return await answer(scope, receive, send)

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).raw.extend(_HEADERS)
            await send(message)

        return await self._app(scope, receive, marked)


def _name(host: str) -> str:
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdigit() else host.lower()
