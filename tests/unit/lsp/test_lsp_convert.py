"""Do places, edits and URIs survive the way to a client and back, in every unit that a client may count in?"""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lsprotocol import types

from copilot_lsp.core.document import document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span
from copilot_lsp.lsp.convert import Encoding, Ruler, clean, column, edit_of, markup, path_of, units, uri_of

ENCODINGS: tuple[Encoding, ...] = ("utf-16", "utf-8", "utf-32")
LETTERS = st.sampled_from("aé漢\U0001f600\U00020000\r\n")
TEXTS = st.text(LETTERS, max_size=40)
LINES = st.text(st.sampled_from("aé漢\U0001f600"), max_size=30)
encodings = pytest.mark.parametrize("encoding", ENCODINGS)


def reference(text: str, encoding: Encoding) -> int:
    size = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    return len(text.encode({"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(encoding, encoding))) // size


@encodings
@given(LINES)
def test_units_are_what_the_codec_says(encoding: Encoding, line: str) -> None:
    assert units(line, encoding) == reference(line, encoding)


@encodings
@given(LINES, st.integers(-3, 200))
def test_a_column_is_the_last_character_that_fits(encoding: Encoding, line: str, count: int) -> None:
    best = max((at for at in range(len(line) + 1) if reference(line[:at], encoding) <= count), default=0)
    assert column(line, count, encoding) == best


@encodings
@given(TEXTS, st.integers(0, 50))
def test_a_place_comes_back(encoding: Encoding, text: str, offset: int) -> None:
    doc = document("file:///a", text)
    # Nobody can be between the two characters of one line end.
    place = doc.clamp(doc.position(offset))
    ruler = Ruler(doc, encoding)
    assert ruler.place(ruler.position(place)) == place


@encodings
@given(TEXTS, st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1))
def test_every_position_is_clamped_to_one_that_exists(encoding: Encoding, text: str, line: int, character: int) -> None:
    doc = document("file:///a", text)
    place = Ruler(doc, encoding).place(types.Position(line, character))
    assert doc.clamp(place) == place


@pytest.mark.parametrize(
    ("encoding", "character", "column_"),
    [("utf-16", 1, 0), ("utf-16", 2, 1), ("utf-16", 3, 2), ("utf-8", 3, 0), ("utf-8", 4, 1), ("utf-32", 1, 1)],
)
def test_an_astral_character(encoding: Encoding, character: int, column_: int) -> None:
    ruler = Ruler(document("file:///a", "\U0001f600x"), encoding)
    assert ruler.place(types.Position(0, character)) == Position(0, column_)


def units_model(text: str, change: dict[str, Any]) -> str:
    """What a client means by a change, over the UTF-16 code units of the whole text."""
    lines, start = [0], 0
    data = text.encode("utf-16-le")
    while start < len(text):
        if text.startswith("\r\n", start):
            start += 2
        elif text[start] in "\r\n":
            start += 1
        else:
            start += 1
            continue
        lines.append(len(text[:start].encode("utf-16-le")))

    def at(position: dict[str, int]) -> int:
        line, character = position["line"], position["character"]
        if line >= len(lines):
            return len(data)
        stop = lines[line + 1] if line + 1 < len(lines) else len(data)
        body = data[lines[line] : stop].decode("utf-16-le").rstrip("\r\n")
        kept = max(n for n in range(len(body) + 1) if len(body[:n].encode("utf-16-le")) <= 2 * character)
        return lines[line] + len(body[:kept].encode("utf-16-le"))

    first, last = sorted((at(change["range"]["start"]), at(change["range"]["end"])))
    return (data[:first] + change["text"].encode("utf-16-le") + data[last:]).decode("utf-16-le")


positions = st.fixed_dictionaries({"line": st.integers(0, 6), "character": st.integers(0, 12)})
changes = st.fixed_dictionaries(
    {"range": st.fixed_dictionaries({"start": positions, "end": positions}), "text": st.text(LETTERS, max_size=6)}
)


@given(TEXTS, st.lists(changes, max_size=4))
def test_changes_do_what_the_client_did(text: str, made: list[dict[str, Any]]) -> None:
    doc = document("file:///a", text)
    for change in made:
        expected = units_model(doc.text, change)
        doc = doc.replaced((edit_of(doc, change, "utf-16"),), 1)
        assert doc.text == expected


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"text": 5},
        {"text": "a", "range": 5},
        {"text": "a", "range": {"start": {"line": 0, "character": 0}}},
        {"text": "a", "range": {"start": {"line": "0", "character": 0}, "end": {"line": 0, "character": 0}}},
        {"text": "a", "range": {"start": {"line": True, "character": 0}, "end": {"line": 0, "character": 0}}},
    ],
)
def test_what_is_no_change_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError, LookupError)):
        edit_of(document("file:///a", "text"), change, "utf-16")


@pytest.mark.parametrize("far", [-1, 2**31, 2**64, 1e300, 10**400])
def test_numbers_beyond_reason_are_clamped(far: float) -> None:
    place = {"line": far, "character": far}
    edit = edit_of(document("file:///a", "text"), {"text": "", "range": {"start": place, "end": place}}, "utf-16")
    assert edit.span.empty


spans = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted)


@encodings
@example("\r\n", [([0, 0], "a"), ([0, 0], "\r")])
@example("\r", [([1, 1], "\n"), ([0, 2], "")])
@given(TEXTS, st.lists(st.tuples(spans, st.text(LETTERS, max_size=5)), min_size=1, max_size=4))
def test_edits_for_a_client_do_what_ours_do(encoding: Encoding, text: str, wanted: list[Any]) -> None:
    doc = document("file:///a", text)
    edits: list[Edit] = []
    after = doc
    for (start, stop), new in wanted:
        edit = Edit(Span(after.clamp(after.position(start)), after.clamp(after.position(stop))), new)
        edits.append(edit)
        after = after.replaced((edit,), 1)
    ruler = Ruler(doc, encoding)
    made = [(ruler.span(edit.range), edit.new_text) for edit in ruler.text_edits(edits)]
    result = doc.text
    for span, new in sorted(made, key=lambda one: one[0], reverse=True):
        result = result[: doc.offset(span.start)] + new + result[doc.offset(span.end) :]
    assert result == after.text


def test_lone_surrogates_are_replaced_and_pairs_are_not() -> None:
    assert clean("a\ud800b\udc00\U0001f600") == "a\ufffdb\ufffd\U0001f600"


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///home/me/a.py", "/home/me/a.py"),
        ("file:///home/me/a%20b%23.py", "/home/me/a b#.py"),
        ("file://localhost/a.py", "/a.py"),
        ("file:///%E6%BC%A2.py", "/漢.py"),
    ],
)
def test_file_uris(uri: str, path: str) -> None:
    assert path_of(uri) == Path(path)


@pytest.mark.parametrize(
    "uri", ["untitled:Untitled-1", "vscode-remote://ssh/a.py", "", "a.py", "file://[bad", "file:///a%00b", "http://x/a"]
)
def test_what_is_no_file_here(uri: str) -> None:
    assert path_of(uri) is None


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0/"), min_size=1, max_size=20))
def test_any_file_name_comes_back(name: str) -> None:
    path = Path("/folder") / name
    assert path_of(uri_of(path)) == path


def test_markdown_for_a_client_that_shows_plain_text() -> None:
    text = "```python\ndef f(): ...\n```\n\nUse `f` as [told](http://x/y)."
    assert markup(text, markdown=True).value == text
    assert markup(text, markdown=False).value == "def f(): ...\n\nUse f as told."
