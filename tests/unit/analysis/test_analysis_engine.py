"""Findings of a whole document: in steps or at once, as the user set it, and silent where the author asked."""

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot_lsp.analysis import engine, paced
from copilot_lsp.analysis.engine import check, check_in_steps
from copilot_lsp.analysis.finding import Finding, Severity, fix
from copilot_lsp.analysis.settings import AnalysisSettings
from copilot_lsp.core.document import document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.text import Position, Span, at
from copilot_lsp.syntax.live import LiveTree
from copilot_lsp.syntax.tree import SyntaxTree, parse

PIECES = [
    "def f(x, y=[]):\n    return x == None\n",
    "assert (1, 'é')\n",
    "try:\n    work()\nexcept:\n    pass\n",
    "class A:\n    def g(self, z={}):\n        '''doc'''\n        return f'😀'\n",
    "<<<<<<< ours\na = 1\n=======\na = 2\n>>>>>>> theirs\n",
    "token = 'ghp_" + "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5'\n",
    "if x is 5:  # copilot-lsp: ignore[is-literal]\n    pass\n",
    "def broken(:\n",
    "\n",
]


def tree_of(text: str, language: str = "python") -> SyntaxTree:
    return parse(document("file:///a", text, language))


def codes(text: str, settings: AnalysisSettings | None = None, language: str = "python") -> list[str]:
    return [one.code for one in check(tree_of(text, language), settings or AnalysisSettings())]


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.integers(1, 60))
def test_steps_of_any_size_find_what_one_step_finds(pieces: list[str], size: int) -> None:
    tree = tree_of("".join(pieces))
    whole = check(tree, AnalysisSettings())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paced, "_FIRST", size)
        patch.setattr(paced, "_LEAST", size)
        patch.setattr(paced, "_LARGEST", size)
        assert check(tree, AnalysisSettings()) == whole


@given(st.lists(st.sampled_from(PIECES), max_size=6))
def test_every_fix_keeps_its_promise(pieces: list[str]) -> None:
    """Each fix's edits are right in any order, and what they make has one finding of the kind less."""
    tree = tree_of("".join(pieces))
    settings = AnalysisSettings(syntax_errors=False)
    found = check(tree, settings)
    for finding in found:
        for one in finding.fixes:
            spans = [edit.span for edit in one.edits]
            assert spans == sorted(spans, reverse=True)
            after = parse(tree.document.replaced(one.edits, 1))
            left = [other for other in check(after, settings) if other.code == finding.code]
            assert len(left) < sum(other.code == finding.code for other in found)


async def test_the_event_loop_runs_between_steps() -> None:
    """5,000 lines in a live tree, whose texts are read in another way than those of a tree parsed at once."""
    doc = document("file:///a.py", "".join(PIECES[:4]) * 450, "python")
    tree = await LiveTree(doc).settle(doc)
    assert tree is not None
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    found = await check_in_steps(tree, AnalysisSettings())
    counting.cancel()
    assert turns > 5
    assert len(found) == engine.MOST
    assert found == check(parse(doc), AnalysisSettings())


def test_settings_switch_off_rules_categories_and_syntax_errors() -> None:
    text = "x == None\nf'a'\n)\n"
    assert codes(text) == ["none-comparison", "f-string-without-placeholder", "syntax-error"]
    assert codes(text, AnalysisSettings(syntax_errors=False, disabled=frozenset({"style"}))) == ["none-comparison"]
    louder = AnalysisSettings(severity={"none-comparison": Severity.ERROR})
    assert check(tree_of("x == None\n"), louder)[0].severity is Severity.ERROR
    quieter = AnalysisSettings(severity={"syntax-error": Severity.HINT})
    assert check(tree_of(")\n"), quieter)[0].severity is Severity.HINT


def test_half_typed_code_is_left_in_peace() -> None:
    assert codes("if x == None and (\n", AnalysisSettings(syntax_errors=False)) == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("python", "x == None  # copilot-lsp: ignore[none-comparison]\n", 0),
        ("python", "# copilot-lsp: ignore[other, none-comparison]\nx == None\n", 0),
        ("python", "# copilot-lsp: ignore\nx == None\nx == None\n", 1),
        ("python", "# copilot-lsp: ignore[other]\nx == None\n", 1),
        ("python", "# copilot-lsp: ignore[]\nx == None\n", 1),
        ("python", "x == None\n# copilot-lsp: ignore[none-comparison]\n", 1),
        ("python", "copilot-lsp: ignore\nx == None\n", 1),
        ("javascript", "/* copilot-lsp: ignore[loose-equality] */\na == b;\n", 0),
        ("go", "package a\nfunc f() {\n\tx = x // copilot-lsp:ignore[self-assignment]\n}\n", 0),
    ],
)
def test_comments_suppress(language: str, text: str, expected: int) -> None:
    assert len(codes(text, AnalysisSettings(syntax_errors=False), language)) == expected


def test_edits_that_overlap_make_no_fix() -> None:
    one, two = Edit(Span(Position(0, 0), Position(0, 4)), "a"), Edit(Span(Position(0, 2), Position(0, 6)), "b")
    assert fix("no", [one, two]) is None
    assert fix("nothing", []) is None
    assert fix("yes", [Edit(at(0, 0), "a"), Edit(at(1, 0), "b")]).edits[0].span == at(1, 0)


def test_a_merge_conflict_offers_both_sides() -> None:
    text = "<<<<<<< ours\na = 1\n||||||| base\na = 0\n=======\na = 2\n>>>>>>> theirs\nb = 1\n"
    settings = AnalysisSettings(syntax_errors=False)
    (finding,) = [one for one in check(tree_of(text), settings) if one.code == "merge-conflict"]
    made = [document("", text).replaced(one.edits, 1).text for one in finding.fixes]
    assert made == ["a = 1\nb = 1\n", "a = 2\nb = 1\n"]


@pytest.mark.parametrize(
    "text",
    [
        "<<<<<<< ours\na = 1\n",
        "<<<<<<< ours\na = 1\n=======\n",
        "<<<<<<< ours\n<<<<<<< again\n",
        "Heading\n=======\n",
        "x <<<<<<< y\n=======\n>>>>>>> z\n",
    ],
)
def test_an_incomplete_conflict_is_none(text: str) -> None:
    assert "merge-conflict" not in codes(text)


def secrets(text: str) -> list[Finding]:
    return [one for one in check(tree_of(text), AnalysisSettings()) if one.code == "hard-coded-secret"]


@pytest.mark.parametrize(
    "secret",
    [
        "AKIA" + "QX5R7TZ2LMNV4WJD",
        "ghp_" + "aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5",
        "glpat-" + "Zx9Qw8Er7Ty6Ui5Op4As",
        "sk_live_" + "9aB8cD7eF6gH5iJ4kL3mN2oP",
        "xoxb-" + "528491" + "730264-qWeRtYuIoPaSdFgHjKlZ",
        "-----BEGIN RSA PRIVATE KEY-----\\n" + "MIIEpAIBAAKCAQEA7v9n2k4sQ8dK3xWz5yTqL0pR6uJ1",
    ],
)
def test_secrets_are_found_and_never_repeated(secret: str) -> None:
    (finding,) = secrets(f'key = "{secret}"\n')
    assert secret[:12] not in finding.message + str(finding.data)


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp_" + "x" * 36,
        "-----BEGIN PRIVATE KEY-----",
        "xAKIAQX5R7TZ2LMNV4WJD",
        "npm_install",
    ],
)
def test_examples_and_near_misses_are_no_secrets(text: str) -> None:
    assert secrets(f'key = "{text}"\n') == []


@pytest.mark.verify
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("python", "def f(" + ", ".join(f"a{number}=[]" for number in range(20_000)) + "):\n    pass\n"),
        ("python", "(" * 20_000 + "x" + ")" * 20_000),
        ("python", "x = " + " == None and ".join("y" * 20_000) + "\n"),
        ("python", 'x = "' + "-sk-" * 40_000 + 'T3BlbkFJ"\n'),
        ("python", "<<<<<<< a\n" * 20_000),
        ("javascript", "function f(){" + "debugger;" * 20_000 + "}"),
        ("java", "class A { void f() { try {} catch (E e) { " + "e.printStackTrace(); " * 5_000 + "} } }"),
        ("go", "package a\nfunc f() { for { " + "defer g(); " * 10_000 + "} }\n"),
    ],
)
def test_generated_and_hostile_code_takes_bounded_time(language: str, text: str) -> None:
    tree = tree_of(text, language)
    began = time.process_time()
    check(tree, AnalysisSettings())
    assert time.process_time() - began < 2 * engine.LONGEST
