"""Steps follow the time that they take."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.analysis.paced import paced


@given(st.integers(0, 400_000))
def test_the_stretches_cover_everything_once(end: int) -> None:
    stretches = list(paced(end, lambda start, stop: (start, stop), limit=60))
    assert [stop for _, stop in stretches][:-1] == [start for start, _ in stretches][1:]
    assert stretches == [] if end == 0 else (stretches[0][0], stretches[-1][1]) == (0, end)


def test_a_step_is_as_long_as_the_last_ones_time_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    now, cost = 0.0, 0.010

    def work(start: int, stop: int) -> int:
        nonlocal now
        now += cost
        return stop - start

    monkeypatch.setattr(time, "perf_counter", lambda: now)
    # Each takes 10 ms, five times too long: a fifth of the size, then the least.
    assert list(paced(20_000, work, limit=60))[:3] == [8_000, 1_600, 1_000]
    cost = 0.0001
    # Far too short: never more than twice the size, so that one cheap stretch does not make the next a stall.
    sizes = list(paced(2_000_000, work, limit=60))
    assert sizes[:3] == [8_000, 16_000, 32_000]
    assert all(after <= 2 * before for before, after in pairwise(sizes))
    assert max(sizes) == 200_000


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    def work(_start: int, _stop: int) -> None:
        nonlocal now
        now += 1.0

    monkeypatch.setattr(time, "perf_counter", lambda: now)
    assert len(list(paced(1_000_000, work, limit=2.5))) == 3
