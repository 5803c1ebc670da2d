"""What is made of a server's refusals."""

import time
from email.utils import formatdate

import pytest

from copilot_lsp.core.errors import (
    ProviderError,
    ProviderLoading,
    ProviderMisconfigured,
    ProviderRejected,
    ProviderUnavailable,
)
from copilot_lsp.providers.refusal import PromptTooLong, Server, error_text, fit_to_show, refusal, wait_of

SERVER = Server("work", "http://10.0.0.1:8080", key="sk-secret")


@pytest.mark.parametrize(
    ("status", "message", "kind", "says"),
    [
        (401, "no key", ProviderMisconfigured, "providers.endpoints.work.api_key_env"),
        (403, "", ProviderMisconfigured, "refuses the API key; set"),
        (302, "", ProviderMisconfigured, "providers.endpoints.work.url"),
        (404, "model 'x' not found", ProviderMisconfigured, "model 'x' not found"),
        (400, "exceed_context_size_error", PromptTooLong, "refuses"),
        (500, "input (4500 tokens) is too large to process", PromptTooLong, "too large"),
        (503, "Loading model", ProviderLoading, "loading"),
        (503, "server busy", ProviderUnavailable, "503: server busy"),
        (429, "", ProviderUnavailable, "429"),
        (501, "Infill is not supported", ProviderRejected, "501"),
        (400, "bad", ProviderRejected, "bad"),
    ],
)
def test_each_status_has_its_error(status: int, message: str, kind: type[ProviderError], says: str) -> None:
    error = refusal(SERVER, status, message, 3.0)
    assert type(error) is kind
    assert "work at http://10.0.0.1:8080" in str(error)
    assert says in str(error)
    assert getattr(error, "retry_after", 3.0) == 3.0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"error": "a"}, "a"),
        ({"error": {"message": "b", "code": 404}}, "b"),
        ({"object": "error", "message": "c"}, "c"),
        ({"detail": [{"msg": "d"}]}, ""),
        (["e"], ""),
        (None, ""),
    ],
)
def test_a_servers_words_are_found_in_any_shape(value: object, text: str) -> None:
    assert error_text(value) == text


def test_what_is_shown_is_short_and_holds_no_key_code_or_escapes() -> None:
    assert fit_to_show("bad\n\x1b[31m key sk-secret", "sk-secret", None) == "bad [31m key (the API key)"
    assert len(fit_to_show("x" * 999, "", None)) == 200
    code = "password = 'hunter2'\nlogin(password)"
    assert "hunter2" not in fit_to_show(f"cannot parse {code}", "", {"prompt": code})
    assert fit_to_show("model not found", "", {"prompt": code}) == "model not found"


def test_the_wait_that_a_server_asks_for_is_bounded() -> None:
    assert wait_of("7") == 7
    assert wait_of("99999") == 300
    assert 50 < wait_of(formatdate(usegmt=True, timeval=time.time() + 60)) <= 60
    for header in ("", "soon", "-5", "nan", "Mon, 01 Jan 2001 00:00:00 GMT"):
        assert wait_of(header) == 0
