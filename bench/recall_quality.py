"""How often does the embedded engine write what stood there, and how often does it keep silent instead of being wrong?

Holes at random places of a workspace that its weights were not fitted on; the file with the hole is open, so its text
on disk is hidden. Beside it plain copying: the continuation of the longest left match, ties going to the longer match
of what follows the line, then to the same file, then to the nearer folder.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from bench.holes import Hole, corpus_of, holes, sources
from bench.options import Options
from bench.report import Bar, Report
from bench.workspace import workspace
from copilot_lsp.recall.complete import complete, gather
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.recall.propose import Proposal
from copilot_lsp.recall.render import render


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine said to a hole ("" for nothing)."""

    hole: Hole
    text: str

    @property
    def exact(self) -> bool:
        return self.text.rstrip() == self.hole.truth

    @property
    def similarity(self) -> float:
        """1 for equal texts, 0 for texts that share nothing, and for no answer."""
        return SequenceMatcher(None, self.text, self.hole.truth, autojunk=False).ratio() if self.text else 0.0


def run(options: Options) -> Report:
    root = workspace(options.workspace)
    files = sources(root)
    report = Report("recall_quality", f"holes in {len(files):,} Python files of {root.name}")
    with tempfile.TemporaryDirectory() as folder:
        corpus = corpus_of(root, files, Path(folder))
        asked = list(holes(files, options.times(1000), options.seed))
        ours = [Answer(hole, _ours(hole, corpus)) for hole in asked]
        plain = [Answer(hole, _plain(hole, corpus)) for hole in asked]
        corpus.close()
    for label, chosen in _KINDS.items():
        report.facts |= _figures(label, [one for one in ours if chosen(one)], [one for one in plain if chosen(one)])
    share = _mean([one.exact for one in ours]) / max(1e-9, _mean([one.exact for one in plain]))
    report.bars = [
        Bar("exact answers, times those of plain copying", share, 1.2, least=True),
        Bar("share answered", _mean([bool(one.text) for one in ours]), 0.5, least=True),
        Bar("of the answers, exact", _mean([one.exact for one in ours if one.text]), 0.4, least=True),
    ]
    return report


_KINDS: dict[str, Callable[[Answer], bool]] = {
    "rest of line": lambda one: not one.hole.whole,
    "whole line": lambda one: one.hole.whole,
}


def _ours(hole: Hole, corpus: Corpus) -> str:
    fills = complete(hole.request, hole.tokens, corpus, {})
    return fills[0].text if fills else ""


def _plain(hole: Hole, corpus: Corpus) -> str:
    """A word that is being typed is completed where a place is found, as a person would expect of copying too."""
    several = gather(hole.request, hole.tokens, corpus, {})
    best, text = (-1.0,) * 4, ""
    for one in several:
        for row in range(len(one.at)):
            figures = one.figures
            rank = (
                float(bool(one.query.typed)),
                float(figures["left"][row]),
                float(figures["right"][row]),
                -float(figures["far"][row]),
            )
            if rank > best:
                ids = tuple(one.lines[row, : one.stops[row]].tolist())
                deeper = int(one.deeper[row])
                text = render(hole.request, Proposal(one.query, one.source, int(one.at[row]), ids, deeper, 1.0))
                best = rank
    return text


def _figures(label: str, ours: Sequence[Answer], plain: Sequence[Answer]) -> dict[str, str]:
    return {
        f"{label}, {name}": (
            f"{len(answers)} holes, exact {_mean([one.exact for one in answers]):.1%}, "
            f"answered {_mean([bool(one.text) for one in answers]):.1%}, "
            f"exact when answered {_mean([one.exact for one in answers if one.text]):.1%}, "
            f"right as far as it goes {_mean([_begins(one) for one in answers if one.text]):.1%}, "
            f"similarity {_mean([one.similarity for one in answers]):.2f}"
        )
        for name, answers in (("recall", ours), ("plain copy", plain))
    }


def _begins(one: Answer) -> bool:
    return one.hole.truth.startswith(one.text.rstrip())


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0
