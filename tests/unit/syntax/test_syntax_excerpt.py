"""What is left of a document around a place parses like the whole, and is short."""

import pytest

from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span
from copilot_lsp.syntax.excerpt import excerpt
from copilot_lsp.syntax.faults import count_errors
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.syntax.tree import parse
from copilot_lsp.syntax.trial import trial

_TIMES = 12
SOURCES = {
    "python": (
        'class A:\n    """One."""\n',
        "    @property\n    def f{n}(self, a):\n        # é\n        table = [\n"
        + "".join(f"            ({row}, 'a'),\n" for row in range(12))
        + "        ]\n        if a:\n            return table\n        elif self:\n            pass\n"
        + "        return None\n\n",
        "\n\ndef g():\n    return A()\n",
    ),
    "typescript": (
        "import a from 'a';\nexport class A extends B {\n  private x = 1;\n",
        "  f{n}(a: number): string {\n    const t = {\n"
        + "".join(f"      k{row}: [1, 2],\n" for row in range(12))
        + "    };\n    if (a) {\n      return `é ${t}`;\n    } else {\n      a();\n    }\n    return '';\n  }\n\n",
        "}\n\nexport default new A();\n",
    ),
    "java": (
        "package a;\n\n@Deprecated\npublic class A\n{\n",
        "  @Override\n  public int f{n}(int a) {\n    switch (a) {\n"
        + "".join(f"      case {row}:\n        return g(a);\n" for row in range(12))
        + "      default:\n    }\n    return 0;\n  }\n\n",
        "}\n",
    ),
    "go": (
        'package a\n\nimport (\n\t"fmt"\n)\n\ntype A struct {\n\tx int\n}\n\n',
        "// F{n} é.\nfunc (a *A) F{n}(b int) error {\n\tt := []int{\n"
        + "".join(f"\t\t{row},\n" for row in range(12))
        + '\t}\n\tif b > 0 {\n\t\treturn fmt.Errorf("%v", t)\n\t} else {\n\t\tb++\n\t}\n\treturn nil\n}\n\n',
        "var x = 1\n",
    ),
    "csharp": (
        "using A;\n\nnamespace B\n{\n    [X]\n    public class C : D\n    {\n",
        "        public int F{n}(int a)\n        {\n            var t = new[]\n            {\n"
        + "".join(f"                {row},\n" for row in range(12))
        + "            };\n            if (a > 0)\n            {\n                return t[0];\n            }\n"
        + "            else\n            {\n                a++;\n            }\n            return 0;\n        }\n\n",
        "    }\n}\n",
    ),
}


def source(language: str) -> Document:
    begin, member, end = SOURCES[language]
    body = "".join(member.replace("{n}", str(number)) for number in range(_TIMES))
    return document(f"file:///w/a.{language}", begin + body + end, language)


@pytest.mark.parametrize("language", SOURCES)
def test_what_is_left_around_any_line_is_short_and_has_no_errors(language: str) -> None:
    with_end = source(language)
    whole = document(with_end.uri, with_end.text.rstrip(), language)
    tree = parse(whole)
    assert count_errors(tree.root) == 0
    for number in range(0, whole.line_count, 3):
        place = Position(number, len(whole.line(number)) // 2)
        part, span = excerpt(tree, whole, Span(place, place))
        assert part.line(span.start.line) == whole.line(number)
        assert span.start.column == place.column
        assert part.line_count < whole.line_count / 3
        assert count_errors(parse(part).root) == 0, f"line {number + 1}:\n{part.text}"


@pytest.mark.parametrize("language", SOURCES)
def test_the_tree_may_be_that_of_another_version(language: str) -> None:
    before = source(language)
    tree = parse(before)
    number = before.line_count // 2
    above = before.replaced([Edit(Span(Position(number - 3, 0), Position(number - 3, 0)), "\n\r\n\n")], 2)
    now = above.replaced([Edit(Span(Position(number + 9, 0), Position(number + 10, 0)), "")], 3)
    place = Position(number + 5, 0)
    part, span = excerpt(tree, now, Span(place, place))
    around = range(-8, 11)
    assert [part.line(span.start.line + by) for by in around] == [now.line(place.line + by) for by in around]
    assert part.line_count < now.line_count / 3


async def test_a_document_without_errors_tells_what_belongs_together_when_it_has_some() -> None:
    whole = source("typescript")
    live = LiveTree(whole)
    await live.settle(whole)
    line = whole.line_count // 2
    end = Position(line, len(whole.line(line)))
    broken = whole.replaced([Edit(Span(end, end), " `${ [")], 2)
    live.changed(broken)
    await live.settle(broken)
    place = Position(line, len(broken.line(line)))
    tried = await trial(live, broken, Span(place, place), patience=1)
    assert tried is not None
    assert tried.document.line_count < whole.line_count / 3
    assert await tried.raises("] }`") is False
    assert await tried.raises("] }") is False or await tried.errors("] }") != 0


async def test_a_definition_with_errors_is_left_out_where_its_ends_are_certain() -> None:
    begin, member, end = SOURCES["go"]
    wrong = member.replace("b > 0", "b > uint64(new(uint64(1)))")
    faulty = [wrong.replace("{n}", str(number)) for number in range(_TIMES)]
    opened = document("file:///w/a.go", begin + "".join(faulty) + end, "go")
    tree = parse(opened)
    assert count_errors(tree.root) >= _TIMES
    place = Position(opened.line_count // 2, 0)
    part, _ = excerpt(tree, opened, Span(place, place))
    assert part.line_count < opened.line_count / 3
    # What one of them lacks it may take from those around it.
    faulty[1] = faulty[1].rstrip().removesuffix("}") + "\n"
    faulty[-2] = "}}\n" + faulty[-2]
    unclear = document("file:///w/a.go", begin + "".join(faulty) + end, "go")
    part, _ = excerpt(parse(unclear), unclear, Span(place, place))
    assert "F1(" in part.text
    assert "F10(" in part.text


def test_a_table_in_one_line_is_left_out() -> None:
    table = ", ".join(map(str, range(10_000)))
    text = "def f():\n    pass\n\n\n" * 8
    whole = document("file:///w/a.py", f"x = [{table}]\n{text}", "python")
    place = Position(20, 0)
    part, _ = excerpt(parse(whole), whole, Span(place, place))
    assert len(part.text) < 1_000


async def test_errors_elsewhere_do_not_count() -> None:
    whole = source("go")
    wrong = "".join("func h() { x := new(uint64(1), Type: 2) ) }\n\n" for _ in range(50))
    broken = document(whole.uri, whole.text + wrong, "go")
    live = LiveTree(broken)
    await live.settle(broken)
    place = Position(20, len(broken.line(20)))
    tried = await trial(live, broken, Span(place, place), patience=1)
    assert tried is not None
    assert tried.document.line_count < 200 < broken.line_count
    assert await tried.raises("\n\t\t99,") is False
    assert await tried.raises("\n\t\t99)),") is True


@pytest.mark.parametrize(("others", "raised"), [(2, True), (3, False)])
async def test_what_the_grammar_does_not_know_in_many_places_is_no_fault(others: int, raised: bool) -> None:
    known = "".join(f"func f{n}() {{\n\tsend(&A{{B: new(uint64(1)), C: d({n})}})\n}}\n\n" for n in range(others))
    opened = document(
        "file:///w/a.go", f"package a\n\n{known}func g() {{\n\tsend(&A{{B: new(\n\tg()\n}}\n\nvar x = 1\n", "go"
    )
    live = LiveTree(opened)
    await live.settle(opened)
    line = opened.line_count - 6
    place = Position(line, len(opened.line(line)))
    tried = await trial(live, opened, Span(place, place), patience=1)
    assert tried is not None
    assert await tried.raises("uint64(1)), C: d(4)})") is raised
    assert await tried.raises("uint64(1))), C: d(4)})") is True


async def test_a_file_that_is_being_written_is_judged_by_its_end() -> None:
    begin, member, _ = SOURCES["java"]
    text = begin + "".join(member.replace("{n}", str(number)) for number in range(_TIMES)) + "  int last(int a) {\n    "
    opened = document("file:///w/A.java", text, "java")
    live = LiveTree(opened)
    await live.settle(opened)
    tried = await trial(live, opened, Span(opened.end, opened.end), patience=1)
    assert tried is not None
    assert tried.document.line_count < opened.line_count / 3
    assert await tried.raises("return f0(a);") is False
    assert await tried.raises("return f0(a));") is True


def test_a_token_that_is_missing_within_a_name_is_an_error() -> None:
    accessors = "get { return a; } { return b; }"
    assert count_errors(parse(document("file:///w/a.cs", f"class A {{ int B {{ {accessors} }} }}", "csharp")).root) == 1
