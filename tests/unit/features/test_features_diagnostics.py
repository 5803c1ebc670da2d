"""Findings as a person gets them: merged, once per version, and the actions that go with them."""

from collections.abc import Callable

from copilot_lsp.agents.pool import Pool
from copilot_lsp.agents.settings import AgentSettings
from copilot_lsp.agents.view import OpenDocument, View
from copilot_lsp.analysis.settings import AnalysisSettings
from copilot_lsp.core.text import Position, Span
from copilot_lsp.features.code_actions import code_actions, resolve_action
from copilot_lsp.features.diagnostics import diagnostics
from copilot_lsp.telemetry.decisions import DECISIONS

MakeView = Callable[..., View]
FAULTY = "def f(x):\n    if x == None:\n        return f'plain'\n"


async def test_syntax_errors_and_rules_come_in_the_order_of_their_places(pool: Pool, make_view: MakeView) -> None:
    found = await diagnostics(pool, make_view({"a.py": f"{FAULTY}\n)\n"}))
    assert [one.code for one in found] == ["none-comparison", "f-string-without-placeholder", "syntax-error"]


async def test_a_version_is_checked_once(pool: Pool, make_view: MakeView) -> None:
    view = make_view({"a.py": FAULTY})
    first = await diagnostics(pool, view)
    assert await diagnostics(pool, view) is first
    assert pool.status().agents["diagnose"]["runs"] == 1
    row = DECISIONS.rows(1)[0]
    assert (row["agent"], row["reason"]) == ("diagnose", "1 warning, 1 info")


async def test_other_settings_or_another_text_are_checked_anew(pool: Pool, make_view: MakeView) -> None:
    view = make_view({"a.py": FAULTY})
    await diagnostics(pool, view)
    settings = AgentSettings(analysis=AnalysisSettings(disabled=frozenset({"none-comparison"})))
    quiet = View(view.document, view.open, None, settings, view.models, "1", view.serving)
    assert [one.code for one in await diagnostics(pool, quiet)] == ["f-string-without-placeholder"]

    old = view.subject
    after = view.document.replaced([], 2)
    old.live.changed(after)
    newer = View(
        after,
        {after.uri: OpenDocument(after, old.live, old.tokens)},
        None,
        AgentSettings(),
        view.models,
        "1",
        view.serving,
    )
    assert len(await diagnostics(pool, newer)) == 2


async def test_a_document_without_a_grammar_has_no_findings(pool: Pool, make_view: MakeView) -> None:
    view = make_view({"notes.unknown": "<<<<<<< a\n=======\n>>>>>>> b\n"})
    assert await diagnostics(pool, view) == ()
    assert await code_actions(pool, view, Span(Position(0, 0), Position(0, 1))) == ()


async def test_fixes_come_first_and_know_their_finding(pool: Pool, make_view: MakeView) -> None:
    view = make_view({"a.py": FAULTY})
    found = await code_actions(pool, view, Span(Position(1, 9), Position(1, 9)))
    assert [one.title for one in found] == ["Compare with `is`", "Ignore none-comparison here", "Explain 'f'"]
    fix, suppress, explain = found
    assert fix.preferred
    assert fix.edits is not None
    assert suppress.edits is not None
    assert explain.edits is None
    assert [one.code for one in fix.findings] == ["none-comparison"]
    assert "if x is None:" in view.document.replaced(fix.edits, 2).text
    silenced = view.document.replaced(suppress.edits, 2).text
    assert "    # copilot-lsp: ignore[none-comparison]\n    if x == None:" in silenced


async def test_only_the_wanted_kinds_are_offered(pool: Pool, make_view: MakeView) -> None:
    view = make_view({"a.py": FAULTY})
    span = Span(Position(0, 4), Position(1, 20))
    kinds = {one.kind for one in await code_actions(pool, view, span)}
    assert kinds == {"quickfix", "refactor.rewrite", "source.explain"}
    assert {one.kind for one in await code_actions(pool, view, span, ["refactor"])} == {"refactor.rewrite"}
    assert await code_actions(pool, view, span, ["quick"]) == ()


async def test_a_syntax_error_cannot_be_ignored(pool: Pool, make_view: MakeView) -> None:
    view = make_view({"a.py": ")\n"})
    assert await code_actions(pool, view, Span(Position(0, 0), Position(0, 1))) == ()


async def test_no_comment_is_put_into_a_string_or_markup(pool: Pool, make_view: MakeView) -> None:
    view = make_view({"a.jsx": "const a = (\n  <b>\n    {c == d}\n  </b>\n);\nuse(\n  c == d,\n);\n"})
    titles = [
        [one.title for one in await code_actions(pool, view, Span(Position(line, 5), Position(line, 5)), ["quickfix"])]
        for line in (2, 6)
    ]
    assert titles == [["Use `===`"], ["Use `===`", "Ignore loose-equality here"]]


async def test_documentation_is_written_when_the_action_is_resolved(pool: Pool, make_view: MakeView) -> None:
    view = make_view({"a.py": "def area(width, height):\n    return width * height\n"})
    (action,) = await code_actions(pool, view, Span(Position(0, 6), Position(0, 6)), ["refactor.rewrite"])
    assert (action.title, action.edits) == ("Write documentation for 'area'", None)
    edits = await resolve_action(pool, view, action.data)
    assert '    """Area.\n' in view.document.replaced(edits, 2).text


async def test_documentation_is_offered_on_an_undocumented_definitions_own_lines_only(
    pool: Pool, make_view: MakeView
) -> None:
    view = make_view({"a.py": 'def area(width):\n    return width\n\ndef known():\n    """It is."""\n'})
    for line in (1, 3):
        span = Span(Position(line, 5), Position(line, 5))
        assert await code_actions(pool, view, span, ["refactor"]) == ()


async def test_data_that_did_not_come_from_here_resolves_to_nothing(pool: Pool, make_view: MakeView) -> None:
    view = make_view({"a.py": FAULTY})
    for data in ({}, {"action": "fix"}, {"action": "document", "line": "1"}, {"action": "../x"}):
        assert await resolve_action(pool, view, data) == ()
