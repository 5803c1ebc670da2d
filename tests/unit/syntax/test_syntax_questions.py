"""What a tree is asked: enclosing definitions, names in scope, tests, problems, imports' files."""

from pathlib import Path

import pytest
from tree_sitter import Node

from copilot_lsp.core.document import document
from copilot_lsp.core.errors import DeadlineExceeded
from copilot_lsp.core.text import Position
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.imports import Import, imports
from copilot_lsp.syntax.problems import MOST, problems
from copilot_lsp.syntax.references import references
from copilot_lsp.syntax.resolve import candidates
from copilot_lsp.syntax.scopes import names_in_scope
from copilot_lsp.syntax.symbols import definitions_at, symbols
from copilot_lsp.syntax.tests import tests as find_tests
from copilot_lsp.syntax.tree import SyntaxTree, parse

GRAMMARS = Path(__file__).parents[3] / "grammars"
EXAMPLES = [path for path in sorted(GRAMMARS.glob("*/examples/*")) if path.suffix != ".golden"]


def tree_and_cursor(source: str, language: str) -> tuple[SyntaxTree, Position]:
    """A tree, and the place where `|` stood."""
    at = source.index("|")
    doc = document("file:///a", source.replace("|", "", 1), language)
    return parse(doc), doc.position(at)


@pytest.mark.parametrize(
    ("language", "source", "expected"),
    [
        ("python", "class A:\n  def f(self):\n    def g():\n      x = |1\n", ["A.f.g", "A.f", "A"]),
        ("python", "@dec|\nclass A:\n  pass\n", ["A"]),
        ("python", "x = 1\n\n|\n", []),
        ("java", "class A { void f() { int x; | } }", ["A.f", "A"]),
        ("go", "package a\nfunc (a *A) F() {\n|\n}\n", ["A.F"]),
    ],
)
def test_definitions_around_a_place(language: str, source: str, expected: list[str]) -> None:
    tree, place = tree_and_cursor(source, language)
    assert [one.path for one in definitions_at(tree, place)] == expected


@pytest.mark.parametrize(
    ("language", "source", "seen", "hidden"),
    [
        (
            "python",
            "import a.b, c as d\nfrom e import f as g, h\nclass K:\n  m = 1\n  def n(self, p, *q, r=1):\n"
            "    s = 1\n    |\n  def t(self):\n    u = 1\n",
            ["s", "r", "q", "p", "self", "K", "h", "g", "d", "a"],
            ["m", "n", "t", "u", "c", "f", "b"],
        ),
        ("python", "class K:\n  m = 1\n  o = |\n", ["m", "K"], []),
        ("python",
         "def f(a):\n  x = 1\n  if a:\n    y = 2\n\n  |\n\ndef g(b):\n  pass\n", ["y", "x", "a", "f", "g"], ["b"]),
        ("python", "def f(a):\n  x = 1\n\n|", ["f"], ["a", "x"]),
        ("python", "class K:\n  def f(self, a):\n    return a\n\n  |\n", ["f", "K"], ["a", "self"]),
        ("python", "def f():\n  x = 1\n  x = 2\n  |\n  y = 3\n", ["x", "y", "f"], []),
        ("python", "try:\n  import x\nexcept ImportError:\n  y = 1\n|", ["y", "x"], []),
        (
            "javascript",
            "import a, { b as c, d } from 'x';\nfunction f({ g, h: i }, j = 1) "
            "{ for (const k of j) { let l; | } const m = 1; }",
            ["l", "k", "m", "j", "g", "f", "d", "c", "a"],
            ["b", "h"],
        ),
        ("typescript",
         "interface I { m(n: string): void }\nconst f = (o: I, p?: I) => { | };", ["p", "o", "f", "I"], ["n", "m"]),
        ("java",
         "class A { int f; void g(int h) { int i; | } void j(int k) { int l; } }",
         ["i", "h", "g", "f", "A"], ["k", "l"]),
        ("csharp", "class A { int F; void G(int h) { var i = 1; | } }", ["i", "h", "G", "F", "A"], []),
        ("go",
         "package a\nimport z \"z\"\nfunc f(g int) {\n h := 1\n for i := range g { | }\n}\nvar j int\n",
         ["i", "h", "g", "f", "j", "z"], []),
        ("c", "int g(int p);\nint f(char *a) { int b; | }\n", ["b", "a", "f", "g"], ["p"]),
    ],
)  # fmt: skip  # One case a line reads better than ten.
def test_names_in_scope(language: str, source: str, seen: list[str], hidden: list[str]) -> None:
    tree, place = tree_and_cursor(source, language)
    found = [one.name for one in names_in_scope(tree, place)]
    assert not set(hidden) & set(found)
    assert sorted(seen) == sorted(set(seen) & set(found))
    assert found.index(seen[0]) == 0
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("language", "source", "expected"),
    [
        ("python", "x = (1,\n", [(0, "( is never closed")]),
        ("python", "def f(:\n    pass\n", [(0, "missing )")]),
        ("python", "x = [1, 2\ny = 3\n", [(0, "[ is never closed")]),
        ("python", "x = 'abc\n", [(0, "' is never closed")]),
        ("python", "x = 1 ?\n", [(0, "unexpected ?")]),
        ("python", "x = \x01\n", [(0, "unexpected U+0001")]),
        ("javascript", "function f() {\n  return 1;\n", [(1, "missing }")]),
        ("javascript", "const = 1;\n", [(0, "unexpected const")]),
        ("python", "x =\n", [(0, "something is missing after this")]),
        ("java", "class A { int f() { return 1 } }", [(0, "missing ;")]),
        ("go", "package a\nfunc f( {\n}\n", [(1, "missing )")]),
        ("json", '{"a": }', [(0, "something is missing after this")]),
        ("sql", "SELEKT everything;", []),
        ("python", "x = 1\n", []),
    ],
)
def test_problems_are_few_and_readable(language: str, source: str, expected: list[tuple[int, str]]) -> None:
    found = problems(parse(document("", source, language)))
    assert [(one.span.start.line, one.message) for one in found] == expected


def test_one_fault_is_not_reported_hundreds_of_times() -> None:
    for fault in ('"""\n', "'''", "(((\n", "class\n", "\ud800\n", "\0"):
        text = "def f(a):\n    return [a, 'b']\n" * 200
        found = problems(parse(document("", fault + text, "python")))
        assert 0 < len(found) <= MOST
        assert len({one.span.start.line for one in found}) == len(found)
        assert all(len(one.message) < 80 for one in found)


def test_tests_know_their_container() -> None:
    tree = parse(
        document(
            "", "class TestA:\n    def test_b(self): pass\n    def helper(self): pass\ndef test_c(): pass\n", "python"
        )
    )
    assert [(one.container, one.name) for one in find_tests(tree)] == [("TestA", "test_b"), ("", "test_c")]


def test_references_tell_calls_from_types() -> None:
    tree = parse(document("", "x: A = b.c(d())\n", "python"))
    assert [(one.kind, one.name) for one in references(tree)] == [("type", "A"), ("call", "c"), ("call", "d")]


def test_imports_are_joined_by_statement() -> None:
    tree = parse(
        document("", "from a import (b,\n  c as d)\nimport e, f\nfrom . import g\nfrom .h import *\n", "python")
    )
    found = [(one.module, one.names) for one in imports(tree)]
    assert found == [("a", ("b", "c")), ("e", ()), ("f", ()), (".", ("g",)), (".h", ())]
    assert imports(tree)[0].span.end.line == 1


@pytest.mark.parametrize(
    ("language", "path", "module", "names", "expected"),
    [
        ("python", "a/b/c.py", ".d", ("e",), ["a/b/d/e.py", "a/b/d.py"]),
        ("python", "a/b/c.py", "..", ("e",), ["a/e.py", "a.py"]),
        ("python", "c.py", "...d", (), []),
        ("python", "a/c.py", "x.y", (), ["x/y.py", "x/y/__init__.py"]),
        ("typescript", "src/a.ts", "../lib/b", (), ["lib/b.ts", "lib/b/index.ts"]),
        ("typescript", "src/a.ts", "react", (), []),
        ("java", "A.java", "x.y.Z", (), ["x/y/Z.java", "x/y.java", "x/y/*.java"]),
        ("go", "a.go", "example.com/m/pkg", (), ["m/pkg/*.go", "pkg/*.go"]),
        ("c", "src/a.c", "x/y.h", (), ["src/x/y.h", "x/y.h"]),
        ("rust", "a.rs", "crate::x::Y", (), ["x/Y.rs", "x.rs", "x/mod.rs"]),
        ("json", "a.json", "x", (), []),
    ],
)
def test_an_import_leads_to_files(
    language: str, path: str, module: str, names: tuple[str, ...], expected: list[str]
) -> None:
    found = [one.path for one in candidates(languages.get(language), path, Import(module, names, (0, 0, 0, 0)))]
    places = [found.index(one) for one in expected]
    assert places == sorted(places)
    assert bool(found) == bool(expected)
    assert len(found) == len(set(found))


def test_nodes_at_a_place() -> None:
    tree, place = tree_and_cursor("def f(a):\n    return a|\n", "python")
    assert [node.type for node in tree.ancestors(place)][-1] == "module"
    found = tree.enclosing(place, {"function_definition"})
    assert found is not None
    assert tree.span_of(found).start == Position(0, 0)
    assert tree.enclosing(place, {"class_definition"}) is None
    assert tree.text_of(tree.node_at(Position(0, 4))) == "f"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_way_down_to_a_place_is_that_of_a_search_through_all_children(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    language = path.parents[1].name
    for variant in (text, f"{text[: len(text) // 2]}((]{text[len(text) // 2 :]}"):
        tree = parse(document(path.as_uri(), variant, language))
        for number in range(tree.document.line_count):
            line = tree.document.line(number)
            for column in range(number % 3, len(line), 3):
                if line[column] != "_" and not line[column].isalnum() and column and not line[column - 1].isspace():
                    continue  # There it is the character before that counts.
                place = Position(number, column)
                assert tree.ancestors(place) == _searched(tree, tree.offsets.byte(place))


def _searched(tree: SyntaxTree, byte: int) -> tuple[Node, ...]:
    found = [tree.root]
    while inner := [child for child in found[0].children if child.start_byte <= byte < child.end_byte]:
        found.insert(0, inner[0])
    return tuple(found)


def test_a_deep_text_neither_recurses_nor_takes_long() -> None:
    text = "x = " + "[\n" * 50_000
    tree = parse(document("", text, "python"))
    assert len(tree.ancestors(tree.document.end)) <= 1_000
    assert symbols(tree) == ()
    assert names_in_scope(tree, tree.document.end) == ()
    assert problems(tree)


def test_a_text_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(DeadlineExceeded, match="Python"):
        parse(document("", "x = 1\n" * 200_000, "python"), seconds=0.01)
