"""Servers that misbehave: our deadlines hold, memory stays bounded, errors say what to do, nothing leaks."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing

import pytest
from servers import faults
from servers.tiny_http import Handler, Site

from copilot_lsp.core.budget import Budget, seconds
from copilot_lsp.core.document import document
from copilot_lsp.core.errors import (
    ProviderError,
    ProviderLoading,
    ProviderMisconfigured,
    ProviderProtocolError,
    ProviderTimeout,
    ProviderUnavailable,
)
from copilot_lsp.core.fill import FillLimits, FillRequest
from copilot_lsp.core.text import at
from copilot_lsp.providers.backends.openai_compatible import BACKEND
from copilot_lsp.providers.provider import Model
from copilot_lsp.providers.settings import Deadlines, EndpointSettings
from copilot_lsp.providers.wrap import Watched

Serve = Callable[[Handler], Awaitable[Site]]
QUICK = Deadlines(connect=0.2, first_token=0.3, between_tokens=0.2, total=0.6)
CODE = "api_token = 'correct horse battery staple'\nlogin("
REQUEST = FillRequest(document("file:///x.py", CODE), at(1, 6), limits=FillLimits(tokens=32, lines=99))


async def ask(url: str, budget: Budget | None = None, **settings: object) -> tuple[list[str], ProviderError | None]:
    """The pieces of one completion, and how it failed."""
    endpoint = EndpointSettings.model_validate({"url": url, "deadlines": QUICK, **settings})
    provider = Watched(BACKEND.open("work", endpoint), "openai_compatible", endpoint.deadlines, lambda _: None)
    model = Model(faults.MODEL, frozenset({"fim"}), 4096, family="qwen")
    pieces: list[str] = []
    try:
        async with aclosing(provider.complete(REQUEST, model, budget or seconds(9))) as stream:
            async for piece in stream:
                pieces = [*pieces, piece]  # kept when the stream fails
    except ProviderError as error:
        return pieces, error
    finally:
        await provider.close()
    return pieces, None


@pytest.mark.parametrize(
    ("fault", "after", "says"),
    [
        (faults.never, 0.3, "0.3 s for the first piece"),
        (faults.slow_headers, 0.3, "0.3 s for the first piece"),
        (faults.slow_first_token, 0.3, "0.3 s for the first piece"),
        (faults.stalls, 0.2, "0.2 s for the next piece"),
        (faults.drips, 0.2, "0.2 s for the next piece"),
        (faults.endless, 0.6, "next piece"),
    ],
)
async def test_each_step_has_a_deadline_of_our_own(serve: Serve, fault: Handler, after: float, says: str) -> None:
    site = await serve(faults.faulty(fault))
    began = time.monotonic()
    _, error = await ask(site.url)
    assert isinstance(error, ProviderTimeout), error
    assert says in str(error)
    assert after <= time.monotonic() - began < after + 1.0


async def test_the_callers_budget_ends_a_request_earlier(serve: Serve) -> None:
    site = await serve(faults.faulty(faults.never))
    began = time.monotonic()
    _, error = await ask(site.url, seconds(0.1))
    assert isinstance(error, ProviderTimeout)
    assert time.monotonic() - began < 0.3


@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        (faults.flood, ProviderProtocolError, "no end"),
        (faults.huge_line, ProviderProtocolError, "line without end"),
        (faults.packed, ProviderProtocolError, "gzip"),
        (faults.garbage, ProviderProtocolError, "JSON object"),
        (faults.deep, ProviderProtocolError, "JSON object"),
        (faults.ends_early, ProviderProtocolError, "before it is done"),
        (faults.truncated, ProviderUnavailable, "broke off"),
        (faults.not_http, ProviderUnavailable, "broke off"),
        (faults.broken, ProviderUnavailable, "status 500: (its words repeat the request)"),
        (faults.busy, ProviderUnavailable, "status 429"),
        (faults.loading, ProviderLoading, "loading"),
        (faults.redirect, ProviderMisconfigured, "redirects"),
        (faults.internal_error, ProviderUnavailable, "Internal error"),
        (faults.error_in_stream, ProviderUnavailable, "out of memory"),
        (faults.refused_key, ProviderMisconfigured, "api_key_env"),
    ],
)
async def test_each_fault_is_one_clear_error(
    serve: Serve, fault: Handler, kind: type[ProviderError], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORK_KEY", "sk-do-not-tell")
    site = await serve(faults.faulty(fault))
    slow = Deadlines(first_token=9, between_tokens=9, total=20)
    pieces, error = await ask(site.url, seconds(20), api_key_env="WORK_KEY", deadlines=slow)
    assert type(error) is kind, error
    assert says in str(error)
    assert f"work at {site.url}" in str(error)
    assert "sk-do-not-tell" not in str(error)
    assert "horse" not in str(error)
    assert "Internal" not in "".join(pieces)
    assert getattr(error, "retry_after", 0) == (7 if fault is faults.busy else 0)


async def test_a_redirect_is_not_followed(serve: Serve) -> None:
    target = await serve(faults.faulty(faults.never))

    async def elsewhere(asked: object, reply: object) -> None:
        await reply.json({}, 302, location=f"{target.url}/v1/completions")  # pyright: ignore

    site = await serve(elsewhere)
    _, error = await ask(site.url)
    assert isinstance(error, ProviderMisconfigured)
    assert not target.asked


async def test_a_key_that_goes_out_unencrypted_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("WORK_KEY", "sk-do-not-tell")
    for url in ("http://127.0.0.1:9", "https://model.invalid", "http://model.invalid"):
        await BACKEND.open("work", EndpointSettings(url=url, api_key_env="WORK_KEY")).close()
    assert caplog.messages == [
        "the API key goes to work at http://model.invalid unencrypted; use https if the server can"
    ]


async def test_nothing_there_says_what_to_do() -> None:
    _, error = await ask("http://127.0.0.1:9")
    assert isinstance(error, ProviderUnavailable)
    assert str(error) == (
        "work does not answer at http://127.0.0.1:9; start that server or set providers.endpoints.work.url"
    )
    _, error = await ask("http://no-such-host.invalid")
    assert isinstance(error, ProviderUnavailable | ProviderTimeout)


async def test_a_server_without_tls_is_no_https_server(serve: Serve) -> None:
    site = await serve(faults.faulty(faults.never))
    _, error = await ask(site.url.replace("http:", "https:"))
    assert isinstance(error, ProviderUnavailable | ProviderTimeout)


async def test_a_proxy_in_the_environment_does_not_see_what_stays_on_this_machine(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, site = await serve(faults.faulty(faults.never)), await serve(faults.faulty(faults.internal_error))
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("http_proxy", proxy.url)
    _, error = await ask(site.url)
    assert "Internal error" in str(error)
    assert not proxy.asked


async def test_cancelling_closes_the_connection_at_once(serve: Serve) -> None:
    gone = asyncio.Event()

    async def watch(asked: object, reply: object) -> None:
        await reply.gone.wait()  # pyright: ignore
        gone.set()

    site = await serve(watch)
    task = asyncio.create_task(ask(site.url))
    await site.arrived.wait()
    began = time.monotonic()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.wait_for(gone.wait(), 1)
    assert task.cancelled()
    assert time.monotonic() - began < 0.25
