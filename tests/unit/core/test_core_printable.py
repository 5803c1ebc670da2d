"""Text of strangers on a terminal: nothing in it acts, and ordinary text stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.core.printable import printable, printable_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("def f():\n\treturn 'é 漢字 😀'\n", "def f():\n\treturn 'é 漢字 😀'\n"),
        ("\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
        ("access\u202e gnirts", "access\\u202e gnirts"),
        ("a\u200bb\U000e0041", "a\\u200bb\\U000e0041"),
        ("line\rover", "line\\rover"),
        ("\udc80", "\\udc80"),
    ],
)
def test_what_acts_is_written_out(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_whatever_comes_can_be_printed_and_nothing_acts(text: str) -> None:
    shown = printable(text)
    shown.encode()
    assert printable(shown) == shown
    assert not any(one < " " and one not in "\n\t" for one in shown)


def test_a_name_inside_a_sentence_is_short_and_on_one_line() -> None:
    assert printable_line("a\nb\tc") == "a\\nb\\tc"
    assert printable_line("x" * 300, 10) == "x" * 10 + "..."
