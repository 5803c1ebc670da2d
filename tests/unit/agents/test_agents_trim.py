"""What a model wrote is cut to what fits at the cursor."""

import pytest

from copilot_lsp.agents.trim import trim


@pytest.mark.parametrize(
    ("text", "before", "lines", "expected"),
    [
        ("a)\n", "f(", 1, "a)"),
        ("x\ny\nz", "", 2, "x\ny"),
        (" x", "return ", 1, "x"),
        ("    x", "  ", 1, "    x"),
        ("a\r\nb", "", 4, "a\nb"),
        ("\n\n", "", 4, ""),
    ],
)
def test_trim(text: str, before: str, lines: int, expected: str) -> None:
    assert trim(text, before, lines) == expected
