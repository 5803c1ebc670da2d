"""What it means for us when a server refuses a request: which error, in which words."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import cast

from copilot_lsp.core.errors import (
    ProviderError,
    ProviderLoading,
    ProviderMisconfigured,
    ProviderRejected,
    ProviderUnavailable,
)

LONGEST_WAIT = 300.0
_REPEATED = 16  # so many characters of a request in an error message are no coincidence
_LOADING = re.compile(r"\bload(?:ing)?\b|model_loading", re.IGNORECASE)
_TOO_LONG = re.compile(r"exceed_context_size|context (?:length|size|window)|too (?:large|long)", re.IGNORECASE)


class PromptTooLong(ProviderRejected):
    """The prompt does not fit the model; less text may."""


@dataclass(frozen=True, slots=True)
class Server:
    """How one server is reached. `hint` ends the sentence "NAME does not answer at URL; ..."."""

    name: str
    url: str
    key: str = ""
    hint: str = ""
    connect: float = 1.0

    @property
    def where(self) -> str:
        return f"{self.name} at {self.url}"


def refusal(server: Server, status: int, message: str, wait: float = 0.0) -> ProviderError:
    """The error for an HTTP status other than 200, with the server's own words as `fit_to_show` made them."""
    said = f": {message}" if message else ""
    setting = f"providers.endpoints.{server.name}"
    if status in (401, 403):
        return ProviderMisconfigured(f"{server.where} refuses the API key{said}; set {setting}.api_key_env")
    if 300 <= status < 400:
        return ProviderMisconfigured(f"{server.where} redirects elsewhere; set {setting}.url to where it really is")
    if _TOO_LONG.search(message):
        return PromptTooLong(f"{server.where} refuses the request{said}")
    if status == 404:
        return ProviderMisconfigured(f"{server.where} does not have what was asked for{said}")
    if status == 503 and _LOADING.search(message):
        return ProviderLoading(f"{server.where} is loading its model", wait)
    if status in (408, 429) or (status >= 500 and status != 501):
        return ProviderUnavailable(f"{server.where} answers with status {status}{said}", wait)
    return ProviderRejected(f"{server.where} refuses the request with status {status}{said}")


def error_text(value: object) -> str:
    """The words of an error in any of the usual shapes, `{"error": text}` or `{"error": {"message": text}}`."""
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        for key in ("error", "message", "detail"):
            if key in fields:
                return error_text(fields[key])
    return value if isinstance(value, str) else ""


def fit_to_show(text: str, key: str, sent: object) -> str:
    """A server's words as one short line that repeats neither the API key nor what was sent to it."""
    if key:
        text = text.replace(key, "(the API key)")
    text = " ".join("".join(one if one.isprintable() else " " for one in text).split())[:200]
    request = " ".join(json.dumps(sent, ensure_ascii=False).split())
    windows = (text[at : at + _REPEATED] for at in range(len(text) - _REPEATED + 1))
    return "(its words repeat the request)" if any(window in request for window in windows) else text


def wait_of(header: str) -> float:
    """The seconds that a Retry-After header asks for, at most five minutes; 0 when it cannot be read."""
    try:
        wait = float(header)
    except ValueError:
        try:
            wait = (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return 0.0
    return min(LONGEST_WAIT, wait) if wait > 0 else 0.0
