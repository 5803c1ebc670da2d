"""Documentation: each language's convention, read back, and written in place of what was there."""

import pytest

from copilot_lsp.core.document import Document, document
from copilot_lsp.syntax.docs import doc_edit, doc_of, facts
from copilot_lsp.syntax.symbols import Symbol, symbols
from copilot_lsp.syntax.tree import SyntaxTree, parse


def find(tree: SyntaxTree, name: str) -> Symbol:
    return next(symbol for symbol in symbols(tree) if symbol.name == name)


def documented(doc: Document, name: str, text: str, **more: str) -> Document:
    tree = parse(doc)
    edit = doc_edit(tree, find(tree, name), text, parameters=more, result=more.get("result", ""))
    assert edit is not None
    return doc.replaced([edit], doc.version + 1)


CASES = {
    "python": (
        "class A:\n    @dec\n    def area(self, scale: int, *rest) -> float:\n        return 1\n",
        'class A:\n    @dec\n    def area(self, scale: int, *rest) -> float:\n        """Computes it.\n\n'
        "        Args:\n            scale: How much.\n            rest: The rest.\n\n"
        '        Returns:\n            float\n        """\n        return 1\n',
    ),
    "javascript": (
        "export function area(scale, ...rest) {\n}\n",
        "/**\n * Computes it.\n *\n * @param scale How much.\n * @param rest The rest.\n */\n"
        "export function area(scale, ...rest) {\n}\n",
    ),
    "typescript": (
        "class A {\n  @dec()\n  area(scale: number): number { return 1; }\n}\n",
        "class A {\n  /**\n   * Computes it.\n   *\n   * @param scale How much.\n   * @returns number\n   */\n"
        "  @dec()\n  area(scale: number): number { return 1; }\n}\n",
    ),
    "java": (
        "class A {\n\t@Override\n\tint area(int scale) { return 1; }\n}\n",
        "class A {\n\t/**\n\t * Computes it.\n\t *\n\t * @param scale How much.\n\t * @return int\n\t */\n\t@Override\n"
        "\tint area(int scale) { return 1; }\n}\n",
    ),
    "csharp": (
        "class A {\n    [Fact]\n    int area(int scale) { return 1; }\n}\n",
        "class A {\n    /// <summary>\n    /// Computes it.\n    /// </summary>\n"
        '    /// <param name="scale">How much.</param>\n    /// <returns>int</returns>\n    [Fact]\n'
        "    int area(int scale) { return 1; }\n}\n",
    ),
    "go": (
        "package a\n\nfunc area(scale int) int {\n\treturn 1\n}\n",
        "package a\n\n// area computes it.\nfunc area(scale int) int {\n\treturn 1\n}\n",
    ),
    "rust": (
        "#[inline]\nfn area(scale: u8) -> u8 { 1 }\n",
        "/// Computes it.\n#[inline]\nfn area(scale: u8) -> u8 { 1 }\n",
    ),
    "php": (
        "<?php\nfunction area(int $scale) { return 1; }\n",
        "<?php\n/**\n * Computes it.\n *\n * @param int $scale The scale.\n */\n"
        "function area(int $scale) { return 1; }\n",
    ),
}


@pytest.mark.parametrize("language", CASES)
def test_the_convention_is_written_and_read_back(language: str) -> None:
    source, expected = CASES[language]
    before = document("file:///a", source, language)
    after = documented(before, "area", "Computes it.", scale="How much.")
    assert after.text == expected
    tree = parse(after)
    assert not tree.root.has_error
    assert "omputes it." in doc_of(tree, find(tree, "area"))
    # What is there is replaced: writing the same again changes nothing.
    assert documented(after, "area", "Computes it.", scale="How much.").text == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(): pass\n", 'def f():\n    """Text."""\n    pass\n'),
        ("def f():\r\n    pass\r\n", 'def f():\r\n    """Text."""\r\n    pass\r\n'),
        ("def f():\n    'Old.'\n", 'def f():\n    """Text."""\n'),
        ("if x:\n\tdef f():\n\t\tr'''Old\n\t\tone.'''\n\t\tpass\n", 'if x:\n\tdef f():\n\t\t"""Text."""\n\t\tpass\n'),
    ],
)
def test_a_docstring_stands_alone_in_the_body(source: str, expected: str) -> None:
    assert documented(document("file:///a", source, "python"), "f", "Text.").text == expected


def test_without_a_text_the_name_is_said() -> None:
    assert (
        '"""Read http header."""'
        in documented(document("", "def readHTTPHeader(): pass\n", "python"), "readHTTPHeader", "").text
    )


def test_a_given_result_is_said_and_nothing_is_not() -> None:
    doc = document("", "def f() -> None:\n    pass\n", "python")
    assert "Returns" not in documented(doc, "f", "Text.").text
    assert "Returns:\n        The end." in documented(doc, "f", "Text.", result="The end.").text
    assert documented(document("", "function f() {}\n", "javascript"), "f", "Text.", result="It.").text.startswith(
        "/**\n * Text.\n *\n * @returns It.\n */\n"
    )


def test_go_begins_with_the_name_once() -> None:
    doc = document("", "package a\n\nfunc F() {}\n", "go")
    assert "// F does it.\n" in documented(doc, "F", "F does it.").text
    assert "// F HTTP only.\n" in documented(doc, "F", "HTTP only.").text


def test_facts_come_from_the_right_definition() -> None:
    tree = parse(
        document("", "class A:\n    def f(self, a: int = 1, /, b=2, **c: str) -> x.Y:\n        pass\n", "python")
    )
    known = facts(tree, find(tree, "f"))
    assert [(one.name, one.type) for one in known.parameters] == [("a", "int"), ("b", ""), ("c", "str")]
    assert known.result == "x.Y"
    assert facts(tree, find(tree, "A")).parameters == ()


def test_a_language_without_convention_has_none() -> None:
    tree = parse(document("", '{"a": 1}', "json"))
    assert doc_edit(tree, find(tree, "a"), "Text.") is None
    assert doc_of(tree, find(tree, "a")) == ""


def test_comments_far_above_are_no_documentation() -> None:
    tree = parse(document("", "// Not this.\n\nint f(void) { return 1; }\n/* open\n", "c"))
    assert doc_of(tree, find(tree, "f")) == ""
    tree = parse(document("", "*/\nint f(void) { return 1; }\n", "c"))
    assert doc_of(tree, find(tree, "f")) == ""


def test_an_unclosed_docstring_is_none() -> None:
    tree = parse(document("", "def f():\n    '''never closed\n", "python"))
    assert all(doc_of(tree, symbol) in ("", "never closed") for symbol in symbols(tree))
