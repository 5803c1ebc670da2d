"""What is retrieved without knowing code: BM25 over the pieces of a workspace, and those of imported files first."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np

from bench.truth.use import read_lines
from copilot_lsp.core.fill import Chunk
from copilot_lsp.core.text import Position, Span
from copilot_lsp.index.rows import SPAN
from copilot_lsp.index.workspace import Workspace

_K, _B = 1.2, 0.75
_NAME = re.compile(r"[^\W\d]\w+")


@dataclass(slots=True)
class Bm25:
    """The pieces of a workspace and how often each name stands in which."""

    chunks: list[Chunk] = field(default_factory=list)
    by_path: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    postings: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    lengths: np.ndarray = field(default_factory=lambda: np.zeros(0))

    @classmethod
    def of(cls, workspace: Workspace) -> "Bm25":
        made = cls()
        statement = (
            "SELECT f.path, p.line, p.end_line, p.name FROM pieces p "
            f"JOIN files f ON f.id = p.id / {SPAN} WHERE f.language > '' ORDER BY p.id"
        )
        with workspace.database.read() as connection:
            rows = connection.execute(statement).fetchall()
        found: dict[str, list[tuple[int, int]]] = defaultdict(list)
        lines: tuple[str, list[str]] = ("", [])
        lengths: list[int] = []
        for path, line, end_line, name in rows:
            if lines[0] != path:
                lines = path, read_lines(workspace.root / path)
            text = "\n".join(lines[1][line : end_line + 1])
            span = Span(Position(line, 0), Position(end_line, len(lines[1][end_line])))
            number = len(made.chunks)
            made.by_path[path].append(number)
            made.chunks.append(Chunk(workspace.uri_of(path), path, span, text, name))
            counts = Counter(_NAME.findall(text))
            lengths.append(counts.total())
            for word, count in counts.items():
                found[word].append((number, count))
        made.lengths = np.array(lengths, np.float32)
        made.postings = {
            word: (np.array([one[0] for one in rows]), np.array([one[1] for one in rows], np.float32))
            for word, rows in found.items()
        }
        return made

    def scores(self, words: Iterable[str]) -> np.ndarray:
        """The score of every piece for a query."""
        scores = np.zeros(len(self.chunks), np.float32)
        usual = self.lengths.mean() if len(self.lengths) else 1.0
        for word in words:
            if word in self.postings:
                numbers, counts = self.postings[word]
                rarity = log(1 + (len(self.chunks) - len(numbers) + 0.5) / (len(numbers) + 0.5))
                norm = _K * (1 - _B + _B * self.lengths[numbers] / usual)
                scores[numbers] += rarity * counts * (_K + 1) / (counts + norm)
        return scores

    def best(self, words: Iterable[str], path: str, limit: int) -> list[Chunk]:
        """The best pieces outside the file at `path`."""
        scores = self.scores(words)
        scores[self.by_path.get(path, [])] = -1
        return self._ordered(scores, limit)

    def imports_first(
        self, words: Iterable[str], path: str, imported: Sequence[Collection[str]], limit: int
    ) -> list[Chunk]:
        """The same with the pieces of imported files before all others: `imported` has groups of files in order, and
        the pieces of each group are ordered by score."""
        scores = self.scores(words)
        scores[self.by_path.get(path, [])] = -1
        for place, files in enumerate(imported):
            for file in files:
                if file != path:
                    scores[self.by_path.get(file, [])] += 1e6 - 1e3 * place
        return self._ordered(scores, limit)

    def _ordered(self, scores: np.ndarray, limit: int) -> list[Chunk]:
        order = np.argsort(-scores, kind="stable")[:limit]
        return [self.chunks[number] for number in order if scores[number] >= 0]
