"""When an endpoint is left alone."""

from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.core.errors import (
    ProviderLoading,
    ProviderMisconfigured,
    ProviderProtocolError,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from copilot_lsp.providers.breaker import FAR, Breaker


def test_an_endpoint_that_is_gone_or_refuses_all_is_left_alone_at_once() -> None:
    for error in (ProviderUnavailable("gone"), ProviderMisconfigured("key")):
        breaker = Breaker()
        assert breaker.failed(error)
        assert breaker.wait == 1


def test_bad_luck_is_forgiven_twice_and_forgotten_with_an_answer() -> None:
    breaker = Breaker()
    late, garbled = ProviderTimeout("late"), ProviderProtocolError("garbled")
    assert not breaker.failed(late)
    assert not breaker.failed(garbled)
    breaker.succeeded()
    waits: list[float] = []
    for _ in range(10):
        assert not breaker.failed(late)
        assert not breaker.failed(late)
        assert breaker.failed(late)
        waits.append(breaker.wait)
    assert waits[:3] == [5, 10, 20]
    assert max(waits) == 300


def test_a_single_request_or_a_loading_model_says_nothing_of_the_endpoint() -> None:
    breaker = Breaker()
    assert not any(breaker.failed(error) for error in [ProviderRejected("x"), ProviderLoading("y")] * 9)


@given(st.lists(st.floats(0, 300), min_size=1, max_size=20))
def test_waits_grow_are_bounded_and_are_no_shorter_than_asked_for(asked: list[float]) -> None:
    breaker = Breaker()
    before = 0.0
    for wait in asked:
        breaker.trip(ProviderUnavailable("busy", wait))
        assert wait <= breaker.wait <= max(FAR, wait)
        assert breaker.wait >= min(FAR, before)
        before = breaker.wait
    breaker.succeeded()
    assert breaker.wait == 0
