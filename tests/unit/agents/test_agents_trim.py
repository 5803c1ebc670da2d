"""What a model wrote is cut to what fits at the cursor."""

import pytest

from copilot_lsp.agents.trim import trim


@pytest.mark.parametrize(
    ("text", "before", "after", "lines", "expected"),
    [
        ("a)\n", "f(", "", 1, "a)"),
        ("a)", "f(", ")\nrest", 1, "a"),
        ("x\ny\nz", "", "", 2, "x\ny"),
        (" x", "return ", "", 1, "x"),
        ("    x", "  ", "", 1, "    x"),
        ("one\n    return x", "", "\n    return x\n", 4, "one"),
        ("one\n    return x", "", "\n\n    return y\n", 4, "one\n    return x"),
        ("a\r\nb", "", "", 4, "a\nb"),
        ("\n\n", "", "", 4, ""),
    ],
)
def test_trim(text: str, before: str, after: str, lines: int, expected: str) -> None:
    assert trim(text, before, after, lines) == expected
