"""Does a buffer count places as the wire does, and apply edits as LSP says?"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.cli.buffer import Buffer, read_buffer
from copilot_lsp.core.document import document
from copilot_lsp.core.text import Position, Span

TEXT = st.text("ab é\U0001f600\n", max_size=30)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32"])


@given(TEXT, ENCODINGS, st.data())
def test_a_place_survives_the_wire(text: str, encoding: str, data: st.DataObject) -> None:
    buffer = Buffer(document("file:///a", text), encoding)
    here = buffer.document.position(data.draw(st.integers(0, len(text))))
    assert buffer.position(buffer.place(here)) == here


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 5), ("utf-16", 3), ("utf-32", 2)])
def test_columns_are_counted_in_the_units_of_the_session(encoding: str, column: int) -> None:
    buffer = Buffer(document("file:///a", "a\U0001f600b"), encoding)
    assert buffer.place(Position(0, 2)) == {"line": 0, "character": column}


@given(TEXT, st.lists(st.tuples(st.integers(0, 30), TEXT), max_size=6))
def test_edits_refer_to_the_text_before_all_of_them(text: str, inserts: list[tuple[int, str]]) -> None:
    buffer = Buffer(document("file:///a", text))
    places = [(min(offset, len(text)), new) for offset, new in inserts]
    edits = [
        {"range": buffer.range(Span(*[buffer.document.position(offset)] * 2)), "newText": new} for offset, new in places
    ]
    expected = "".join(
        "".join(new for offset, new in places if offset == index) + (text[index] if index < len(text) else "")
        for index in range(len(text) + 1)
    )
    sent = buffer.edited(edits)
    assert buffer.text == expected
    assert sent["textDocument"]["version"] == 1
    assert replay(text, sent["contentChanges"]) == expected


def test_a_file_on_disk_may_be_opened_with_another_text(tmp_path: Path) -> None:
    path = tmp_path / "a b.py"
    path.write_text("on disk", encoding="utf-8")
    assert read_buffer(path, "python").text == "on disk"
    assert read_buffer(path, "python", text="unsaved").text == "unsaved"
    assert read_buffer(path, "python").uri.endswith("/a%20b.py")


def replay(text: str, changes: list[dict]) -> str:
    """The text after a server applied the content changes one by one."""
    buffer = Buffer(document("file:///a", text))
    for change in changes:
        buffer.changed(buffer.span(change["range"]), change["text"])
    return buffer.text
