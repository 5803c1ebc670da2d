"""Pieces and extraction: bounded, in order, nothing lost, and what a cold file gives is what its tree says."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.core.document import Document, document
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.chunks import LARGEST, Piece, pieces, plain_pieces
from copilot_lsp.syntax.extract import extract
from copilot_lsp.syntax.imports import imports
from copilot_lsp.syntax.symbols import symbols
from copilot_lsp.syntax.tree import parse

PARTS = [
    "x = 1\n",
    "\n",
    "  \n",
    "# note\n",
    "@dec\n",
    "def f(a):\n    return a\n",
    "class A:\n    def b(self):\n        pass\n",
]
PARTS += [
    "y = '" + "z" * 2_000 + "'\n",
    "\r\n",
    "\u00e9 = 2\n",
    "def g():\n" + "    call(something)\n" * 100,
    "class B:\n",
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=15).map("".join)


def check(doc: Document, found: tuple[Piece, ...]) -> None:
    kept = ""
    before = doc.position(0)
    for piece in found:
        assert piece.text.strip()
        assert len(piece.text) <= LARGEST
        assert piece.text == doc.slice(piece.span)
        assert before <= piece.span.start
        before = piece.span.end
        kept += piece.text
    words = "".join(char for char in doc.text if char.isalnum())
    assert "".join(char for char in kept if char.isalnum()) == words


@given(TEXTS)
def test_pieces_are_bounded_ordered_and_whole(text: str) -> None:
    doc = document("", text, "python")
    check(doc, pieces(parse(doc)))
    check(doc, plain_pieces(doc))


def test_a_definition_is_one_piece_with_what_belongs_to_it() -> None:
    text = "import a\n\n# About f.\n@dec\ndef f():\n    pass\n\n\nclass A:\n    pass\nx = 1\n"
    assert [(one.name, one.text) for one in pieces(parse(document("", text, "python")))] == [
        ("", "import a"),
        ("f", "# About f.\n@dec\ndef f():\n    pass"),
        ("A", "class A:\n    pass"),
        ("", "x = 1"),
    ]


def test_a_large_class_is_cut_at_its_members() -> None:
    method = "    def m{0}(self):\n" + "        call(something)\n" * 20 + "\n"
    text = "class A:\n    x = 1\n\n" + "".join(method.format(number) for number in range(5))
    names = [one.name for one in pieces(parse(document("", text, "python")))]
    assert names == ["A", *(f"A.m{number}" for number in range(5))]


def test_suites_and_statements_are_pieces_although_they_define_nothing() -> None:
    text = 'x();\ndescribe("a suite", () => {\n  it("works", () => {});\n});\n'
    assert [one.name for one in pieces(parse(document("", text, "javascript")))] == ["", "a suite"]


EXAMPLES = [path for path in sorted(languages.builtin().glob("*/examples/*")) if path.suffix != ".golden"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_a_cold_file_gives_what_its_tree_says(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    language = languages.get(path.parent.parent.name)
    tree = parse(document("", text, language.id))
    found = extract(text, language)
    assert found.imports == imports(tree)
    assert found.symbols == symbols(tree)
    assert found.pieces == pieces(tree)
    check(tree.document, found.pieces)
