"""Code with holes in it: what a completion engine is asked to fill, and what stood there."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot_lsp.core.document import Document, document
from copilot_lsp.core.edit import Edit
from copilot_lsp.core.fill import FillRequest
from copilot_lsp.core.text import Position, Span, at
from copilot_lsp.recall.build import build
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.recall.tokens import Tokens, tokens_of

# Of one file so many lines: the file is lexed once.
_PER_FILE = 4
_WHOLE_LINES, _NO_HOLES = 0.3, 0.1


@dataclass(frozen=True, slots=True)
class Hole:
    """A request to fill the rest of a line, or a `whole` one but for its indentation; `truth` stood there.

    `tokens` are those of the document with the hole. Nothing stands on the line after the cursor; an empty `truth`
    means that the line is complete.
    """

    request: FillRequest
    tokens: Tokens
    truth: str
    whole: bool


def sources(root: Path, without: Sequence[str] = ()) -> list[Path]:
    """The Python files of a tree, those aside whose path contains one of some words."""
    return [path for path in sorted(root.rglob("*.py")) if not any(word in path.as_posix() for word in without)]


def corpus_of(root: Path, files: Sequence[Path], folder: Path) -> Corpus:
    """A corpus of these files, built here and now into a folder."""
    rows = [(path.relative_to(root).as_posix(), "") for path in files]
    ask = {"root": str(root), "target": str(folder / "1.recall"), "tokens": 9_000_000, "files": rows}
    build(json.dumps(ask).encode(), lambda _: None)
    return Corpus.open(folder)


def holes(files: Sequence[Path], count: int, seed: int) -> Iterator[Hole]:
    """Holes at random lines of random files, each line as likely as any other of its file, at a random column."""
    chance = random.Random(seed)
    made = 0
    while made < count:
        path = chance.choice(files)
        before = document(path.as_uri(), path.read_bytes().decode("utf-8", "replace"), "python")
        lines = [number for number in range(before.line_count) if len(before.line(number).strip()) > 1]
        if len(lines) < 3 * _PER_FILE:
            continue
        tokens = tokens_of(before)
        for number in chance.sample(lines, _PER_FILE):
            made += 1
            yield _hole(before, tokens, number, chance)


def _hole(before: Document, tokens: Tokens, number: int, chance: random.Random) -> Hole:
    line = before.line(number)
    indent, length = len(line) - len(line.lstrip()), len(line.rstrip())
    kind = chance.random()
    whole = kind < _WHOLE_LINES
    column = indent if whole else length if kind > 1 - _NO_HOLES else chance.randrange(indent, length)
    cut = Edit(Span(Position(number, column), Position(number, len(line))), "")
    after = before.replaced([cut], 1)
    return Hole(FillRequest(after, at(number, column)), tokens.replaced(after), line[column:length], whole)
