"""Budgets only shrink, fills know both sides, plugins are found by kind and name."""

import pytest

from copilot_lsp.core import registry
from copilot_lsp.core.budget import seconds
from copilot_lsp.core.document import document
from copilot_lsp.core.errors import DeadlineExceeded
from copilot_lsp.core.fill import FillRequest
from copilot_lsp.core.text import Position, Span


def test_a_budget_within_another_never_ends_later() -> None:
    budget = seconds(1.0, tokens=7)
    assert 0 < budget.left <= 1.0
    assert budget.within(10).deadline == budget.deadline
    assert budget.within(0.1).left <= 0.1
    assert budget.within(0.1).tokens == 7
    budget.check()
    spent = budget.within(-1)
    assert spent.spent
    assert spent.left == 0.0
    with pytest.raises(DeadlineExceeded):
        spent.check()


def test_a_fill_request_splits_the_text_around_its_span() -> None:
    request = FillRequest(document("file:///a", "abc\ndef"), Span(Position(0, 1), Position(1, 1)))
    assert (request.prefix, request.suffix) == ("a", "ef")


def test_every_plugin_of_the_golden_list_loads_and_carries_its_name() -> None:
    loaded = [(kind, name, registry.load(kind, name)) for kind in registry.KINDS for name in registry.names(kind)]
    assert loaded
    for kind, name, plugin in loaded:
        assert getattr(plugin, "name", None) == name, (kind, name)


def test_an_unknown_plugin_is_a_lookup_error_that_names_the_others() -> None:
    with pytest.raises(LookupError, match="complete"):
        registry.load("role", "nonsense")


def test_methods_lead_to_plugin_names() -> None:
    handlers = registry.methods("handler")
    assert handlers["textDocument/hover"] in registry.names("handler")
