"""Does the code keep the project's own rules that no linter knows?"""

import ast
from collections.abc import Iterator
from pathlib import Path

from copilot_lsp.syntax import languages

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "copilot_lsp"
# Ids that are also everyday words or formats of ours: a comparison with one of them says nothing about a language.
AMBIGUOUS = {"c", "go", "html", "json", "markdown", "toml", "yaml", "sql", "css"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_no_language_name_in_a_condition() -> None:
    names = set(languages.available()) - AMBIGUOUS
    found = [
        f"{path}:{node.lineno} {constant.value!r}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare | ast.MatchValue)
        for constant in ast.walk(node)
        if isinstance(constant, ast.Constant) and constant.value in names
    ]
    assert not found, f"a language is data in grammars/: {found}"


def test_packages_only_say_what_they_are() -> None:
    full = [path for path, tree in modules() if path.endswith("/__init__.py") and len(tree.body) > 1]
    assert full == ["copilot_lsp/__init__.py"], "what a package's __init__ imports is paid for at every start"


def test_every_broad_except_has_a_reason() -> None:
    """Only dispatch, pool and plugin loading may catch everything; each place says why."""
    silent = [
        f"{path}:{node.lineno}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) == "BaseException")
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    ]
    assert not silent, f"these swallow cancellation and exit: {silent}"


def test_cancellation_is_never_swallowed_in_a_coroutine() -> None:
    found = [
        f"{path}:{handler.lineno}"
        for path, tree in modules()
        for function in ast.walk(tree)
        if isinstance(function, ast.AsyncFunctionDef)
        for handler in ast.walk(function)
        if isinstance(handler, ast.ExceptHandler)
        and handler.type is not None
        and "CancelledError" in ast.unparse(handler.type)
        and not any(isinstance(inner, ast.Raise | ast.Return) for inner in ast.walk(handler))
    ]
    assert not found, f"a task that is cancelled ends: {found}"


def test_nothing_is_left_for_later() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "for " + "now,")
    found = [
        f"{path.relative_to(ROOT)}: {mark}"
        for folder in ("copilot_lsp", "bench", "tests", "grammars")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for mark in marks
        if mark in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert not found, found
