"""Hostile texts in every language: each is read in time, in a process of its own, because a grammar may crash it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import copilot_lsp
from copilot_lsp.syntax import languages

PROGRAM = """
import sys, time
from copilot_lsp.syntax import languages
from copilot_lsp.syntax.extract import extract
language, count = languages.get(sys.argv[1]), int(sys.argv[2])
extract("", language)
texts = [piece * count for piece in (
    "(", "(\\n", "([{", ")", "{", "[", "<a>", "a.", "a:", "a:\\n", "- ", "> ", "? ", "-", "*", "!", "#", "if ", ";",
    " ", "\\n", "\\r", "\\0", "\\ufffd", "\\ud800", "\\\\\\n", '"', '"\\n', "'", "`", "$(", "${", "`${", 'f"{', '"#{',
    "<<A ", "/*", "--[[", "[=", "if(a){}else ", "template<", "#if\\n", "def f(", "class a:\\n ",
)]
texts += ["(" * count + "x" + ")" * count, "{" * count + "}" * count]
openers = ("a:", "- a", "if x:", "{", "<p>", "* x")
texts += ["\\n".join(" " * level + opener for level in range(300)) for opener in openers]
for text in texts:
    before = time.process_time()
    extract(text, language)
    spent = time.process_time() - before
    assert spent < 20, (text[:20], spent)
"""


def run(language: str, count: int) -> None:
    command = [sys.executable, "-c", PROGRAM, language, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=550, check=False)
    assert done.returncode == 0, done.stderr[-500:]


@pytest.mark.parametrize("language", ["python", "yaml", "typescript"])
def test_hostile_texts_are_read_in_time(language: str) -> None:
    run(language, 1_000)


@pytest.mark.verify
@pytest.mark.parametrize("language", languages.available())
def test_large_hostile_texts_are_read_in_time(language: str) -> None:
    run(language, 5_000)


def test_no_condition_names_a_language() -> None:
    # Names that are also other things, as a format or a type, cannot be told apart by their text.
    names = set(languages.available()) - {"json", "html", "c", "sql", "yaml", "toml", "markdown", "bash"}
    root = Path(copilot_lsp.__file__).parent
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            tested = node.comparators if isinstance(node, ast.Compare) else []
            if isinstance(node, ast.MatchValue):
                tested = [node.value]
            parts = [part for one in tested for part in ast.walk(one) if isinstance(part, ast.Constant)]
            named = [part.lineno for part in parts if isinstance(part.value, str) and part.value in names]
            assert not named, f"{path}:{named}"
