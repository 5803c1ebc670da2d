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
from copilot_lsp.recall.evidence import Evidence
from copilot_lsp.recall.propose import Proposal
from copilot_lsp.recall.render import render


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine said to a hole ("" for nothing), and how long the match was that it said it from."""

    hole: Hole
    text: str
    strength: float = 0.0

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
        ours = [_ours(hole, corpus) for hole in asked]
        plain = [_plain(hole, corpus) for hole in asked]
        corpus.close()
    for label, chosen in _KINDS.items():
        mine, theirs = ([one for one in answers if chosen(one.hole)] for answers in (ours, plain))
        report.facts |= {f"{label}, recall": _figures(mine), f"{label}, plain copy": _figures(theirs)}
    done = [one for one in ours if not one.hole.truth]
    report.facts["complete lines, kept silent"] = (
        f"{len(done)} places, recall {_mean([not one.text for one in done]):.1%}, "
        f"plain copy {_mean([not one.text for one in plain if not one.hole.truth]):.1%}"
    )
    report.bars = _bars([one for one in ours if one.hole.truth], [one for one in plain if one.hole.truth])
    return report


_KINDS: dict[str, Callable[[Hole], bool]] = {
    "rest of line": lambda hole: bool(hole.truth) and not hole.whole,
    "whole line": lambda hole: hole.whole,
}


def _bars(ours: Sequence[Answer], plain: Sequence[Answer]) -> list[Bar]:
    answered = [one for one in ours if one.text]
    as_many = sorted(plain, key=lambda one: -one.strength)[: len(answered)]
    exact = sum(one.exact for one in answered)
    return [
        Bar(
            "exact, times those of as many plain copies",
            exact / max(1, sum(one.exact for one in as_many)),
            1.2,
            least=True,
        ),
        Bar("exact, times those of all plain copies", exact / max(1, sum(one.exact for one in plain)), 1.0, least=True),
        Bar("share answered", len(answered) / len(ours), 0.5, least=True),
        Bar("share of the answers that is exact", exact / max(1, len(answered)), 0.4, least=True),
    ]


def _ours(hole: Hole, corpus: Corpus) -> Answer:
    fills = complete(hole.request, hole.tokens, corpus, {})
    return Answer(hole, fills[0].text if fills else "")


def _plain(hole: Hole, corpus: Corpus) -> Answer:
    """The longest match speaks; a word that is being typed is completed where a place is found, as a person expects."""
    best: tuple[float, ...] = (-1.0,)
    found: tuple[Evidence, int] | None = None
    for one in gather(hole.request, hole.tokens, corpus, {}):
        columns = one.figures["left"], one.figures["right"], -one.figures["far"]
        for row, rank in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            if (bool(one.query.typed), *rank) > best:
                best, found = (bool(one.query.typed), *rank), (one, row)
    if found is None:
        return Answer(hole, "")
    one, row = found
    ids = tuple(one.lines[row, : one.stops[row]].tolist())
    copied = Proposal(one.query, one.source, int(one.at[row]), ids, int(one.deeper[row]), 0, 1.0)
    return Answer(hole, render(hole.request, copied), best[1])


def _figures(answers: Sequence[Answer]) -> str:
    said = [one for one in answers if one.text]
    return (
        f"{len(answers)} holes, answered {len(said) / max(1, len(answers)):.1%}, "
        f"exact {_mean([one.exact for one in answers]):.1%}, "
        f"exact when answered {_mean([one.exact for one in said]):.1%}, "
        f"right as far as it goes when answered {_mean([_begins(one) for one in said]):.1%}, "
        f"similarity {_mean([one.similarity for one in answers]):.2f}"
    )


def _begins(one: Answer) -> bool:
    return one.hole.truth.startswith(one.text.rstrip())


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0
