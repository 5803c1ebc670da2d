"""Does any module or function outgrow its budget, or start without saying what it is for?"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULE_LINES = 500
FUNCTION_LINES = 80


def sources() -> Iterator[Path]:
    for folder in ("copilot_lsp", "bench", "tests"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def test_modules_fit_their_budget() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    over = [f"{path.relative_to(ROOT)}: {count} lines" for path, count in lines.items() if count > MODULE_LINES]
    assert not over, f"split these by reason to change (limit {MODULE_LINES} lines): {over}"


def test_functions_fit_their_budget() -> None:
    over = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert not over, f"split these (limit {FUNCTION_LINES} lines): {over}"


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in sources()
        if "fixtures" not in path.parts and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent, f"the first line of a module says which question it answers: {silent}"
