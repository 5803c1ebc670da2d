"""Whatever was typed wherever: next edits are in the text, leave it no worse than it is, and are never an error."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot_lsp.agents.next_edits.candidates import candidates
from copilot_lsp.agents.next_edits.follow import next_edits
from copilot_lsp.agents.next_edits.history import pasts
from copilot_lsp.agents.next_edits.scene import Scene
from copilot_lsp.agents.view import RecentEdit
from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span
from copilot_lsp.lsp.edits import Edits
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.reparse import Replacement, faults, reparsed
from copilot_lsp.syntax.tree import parse

GRAMMARS = languages.builtin()
SOURCES = {
    name: next(path for path in sorted((GRAMMARS / name / "examples").iterdir()) if path.suffix != ".golden")
    for name in ("python", "javascript", "typescript", "java", "csharp", "go", "rust", "ruby", "html")
}
TYPED = st.sampled_from(
    [
        "x",
        "name",
        "",
        "(",
        ")",
        ", added",
        '"',
        "\n",
        "\r\n",
        "#",
        "{",
        "}",
        "self",
        "if",
        " = 1",
        "é",
        "😀",
        ".y",
        "old",
    ]
)
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 6), TYPED), min_size=1, max_size=5)


def scene_of(text: str, language: str, changes: list[tuple[float, int, str]]) -> Scene:
    current, kept, cursor = document("file:///w/a", text, language, 1), Edits(), Position(0, 0)
    for number, (where, length, new) in enumerate(changes):
        start = int(where * len(current.text))
        span = Span(current.position(start), current.position(start + length))
        kept.add(current, Edit(span, new), number * 20.0)
        current = current.replaced((Edit(span, new),), current.version + 1)
        cursor = current.clamp(span.start)
    edits = tuple(RecentEdit(one.uri, one.edit, one.start, one.before, one.at) for one in kept)
    return Scene(current, cursor, {current.uri: parse(current)}, edits)


def spelled(text: str, line_end: str) -> str:
    return text.replace("\n", line_end)


@pytest.mark.parametrize("language", sorted(SOURCES))
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@settings(max_examples=12, deadline=None)
@given(changes=CHANGES)
def test_any_edits_anywhere(language: str, line_end: str, changes: list[tuple[float, int, str]]) -> None:
    scene = scene_of(spelled(SOURCES[language].read_text(encoding="utf-8"), line_end), language, changes)
    tree = scene.trees[scene.document.uri]
    found = next_edits(scene)
    candidates(scene, found)
    replacements = [
        Replacement(scene.document.offset(one.span.start), scene.document.offset(one.span.end), one.text or "")
        for one in found
        if one.kind != "rename"
    ]
    after = reparsed(tree, replacements)
    assert after is not None
    assert faults(after) <= faults(tree)
    assert all(one.span.end <= scene.document.end for one in found)


@settings(max_examples=60, deadline=None)
@given(
    text=st.text("ab_ .,()\n\r😀", max_size=60),
    changes=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 9), st.text("ab\n\r(é", max_size=6)), min_size=1, max_size=8
    ),
)
def test_hunks_lead_from_each_past_to_the_present(text: str, changes: list[tuple[float, int, str]]) -> None:
    scene = scene_of(text, "python", changes)
    now = scene.trees[scene.document.uri]
    for past in pasts(now, scene.edits):
        made, taken = "", 0
        for hunk in past.hunks:
            made += past.text[taken : hunk.start] + past.after(hunk)
            taken = hunk.end
        assert made + past.text[taken:] == now.document.text
        tree = past.tree
        assert tree is not None
        assert tree.document.text == past.text
        assert str(tree.root) == str(parse(_anew(tree.document)).root)


def _anew(of: Document) -> Document:
    return document(of.uri, of.text, of.language)


@pytest.mark.parametrize(
    "text",
    ["", "x", "(" * 3_000, "a=1;" * 5_000, "\0\0", "def f(" + "a," * 2_000 + "):\n    return a\n", "'" * 999],
    ids=["empty", "a word", "brackets", "one line", "zeros", "many parameters", "quotes"],
)
def test_texts_that_no_person_writes(text: str) -> None:
    scene = scene_of(text, "python", [(0.5, 1, "b"), (0.1, 1, "b"), (0.9, 0, "a, ")])
    next_edits(scene)


def test_a_language_of_which_little_is_known(tmp_path: Path) -> None:
    scene = scene_of("[a]\nkey = 1\nother = 'key'\n", "toml", [(0.2, 1, "x"), (0.9, 1, "x")])
    assert next_edits(scene) == ()
