"""What a file says about itself at its top."""

import pytest

from copilot_lsp.core.document import document
from copilot_lsp.syntax.module_doc import module_doc
from copilot_lsp.syntax.tree import parse


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("python", '#!/usr/bin/env python\n"""It is.\n\nMore.\n"""\nimport x\n', "It is.\n\nMore."),
        ("python", 'x = 1\n"""not at the top"""\n', ""),
        ("python", "", ""),
        ("python", "# only a comment\n", ""),
        ("go", "// Copyright\n\n// Package a adds.\n// More.\npackage a\n", "Package a adds.\nMore."),
        ("javascript", "/**\n * Adds.\n */\n\nimport a from 'b';\n", "Adds."),
        ("javascript", "/** Of f. */\nfunction f() {}\n", ""),
        ("javascript", "function f() {}\n", ""),
    ],
)
def test_module_doc(language: str, text: str, expected: str) -> None:
    assert module_doc(parse(document("file:///a", text, language))) == expected
