"""Does a bench report say what was measured? A wrong quantile would make every promise look kept."""

import json
import math

import pytest

from bench.report import Bar, Report, Samples
from bench.typist import places
from copilot_lsp.core.document import document


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_quantiles_are_values_that_were_measured(share: float, value: int) -> None:
    assert Samples("x", list(range(100, 0, -1))).quantile(share) == value


def test_without_values_there_is_no_quantile_and_no_ratio() -> None:
    report = Report("x", "y", [Samples("base", [1.0]), Samples("ours", [], baseline="base")])
    assert math.isnan(report.samples[1].quantile(0.5))
    assert math.isnan(report.ratio(report.samples[1]))
    assert json.loads(json.dumps(report.tree(), allow_nan=False))["samples"][1]["p50"] is None


def test_the_ratio_is_of_medians_and_to_the_named_baseline() -> None:
    samples = [
        Samples("base", [2.0, 1.0, 9.0]),
        Samples("other", [7.0]),
        Samples("ours", [3.0, 4.0, 50.0], "ms", "base"),
    ]
    assert Report("x", "y", samples).ratio(samples[2]) == 2.0


@pytest.mark.parametrize(
    ("value", "least", "met"), [(5, False, True), (6, False, False), (5, True, True), (4, True, False)]
)
def test_a_bar_is_met_on_its_own_side(value: float, least: bool, met: bool) -> None:
    bar = Bar("x", value, 5, least=least)
    assert bar.met is met
    assert Report("x", "y", bars=[bar]).lines()[-1].strip().startswith("met" if met else "MISSED")


def test_a_bar_on_nothing_is_missed() -> None:
    assert not Bar("x", math.nan, 5).met


def test_places_are_within_the_code_of_lines_and_the_same_for_a_seed() -> None:
    text = document("file:///a", "def f():\n\n    return 1  \n  \nx\n")
    found = places(text, 200, seed=3)
    assert found == places(text, 200, seed=3)
    assert {place.line for place in found} == {0, 2}
    assert all(text.line(place.line)[: place.column + 1].strip() for place in found)
