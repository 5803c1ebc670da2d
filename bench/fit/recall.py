"""Fit the weights of the embedded engine's confidence: `python -m bench.fit.recall TREE [TREE ...]`.

Holes are made in the given trees (the figures in weights.py come from SymPy's source package and the standard library;
the bench of quality uses another package). For each hole every place that the engine considers is a row of features;
the weights maximise the probability that a softmax over the places and "none of them" gives to those that are right.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.holes import Hole, corpus_of, holes, sources
from copilot_lsp.recall import complete, weights
from copilot_lsp.recall.confidence import compare
from copilot_lsp.recall.corpus import Corpus
from copilot_lsp.recall.evidence import Evidence
from copilot_lsp.recall.lexer import token_id, words

Floats = NDArray[np.float64]
_ASIDE = ("site-packages", "/test/", "idlelib", "lib2to3")
_PENALTY = 3e-4
# What agrees more is never held against a place, however the figures of a finite sample fall out.
_RISING = ("left", "right", "most", "around", "alone")
_FALLING = ("less", "far")


def rows(hole: Hole, corpus: Corpus) -> tuple[dict[str, Floats], NDArray[np.bool_]]:
    """The features of all places considered for a hole, and which of them go on as the truth does."""
    several = complete.gather(hole.request, hole.tokens, corpus, {})
    return compare(several), np.concatenate([_right(one, hole.truth) for one in several])


def _right(one: Evidence, truth: str) -> NDArray[np.bool_]:
    if not truth and not one.query.typed:
        return one.stops == 0
    ids = np.array([token_id(word) for word in words(one.query.typed + truth)], np.uint32)
    same = one.stops == len(ids)
    if len(ids) <= one.lines.shape[1]:
        same &= (one.lines[:, : len(ids)] == ids).all(axis=1)
    return same & (one.figures["too deep"] == 0)


def collect(tree: Path, count: int, names: list[str]) -> Iterator[tuple[Floats, NDArray[np.bool_]]]:
    """Of each hole in a tree that any place matches: the features, and which places are right. Sets the names."""
    files = sources(tree, _ASIDE)
    with tempfile.TemporaryDirectory() as folder:
        corpus = corpus_of(tree, files, Path(folder))
        for hole in holes(files, count, seed=1):
            columns, right = rows(hole, corpus)
            if columns:
                names[:] = sorted(columns)
                yield np.stack([np.asarray(columns[name], np.float64) for name in names], axis=1), right
        corpus.close()


def fit(parts: list[tuple[Floats, NDArray[np.bool_]]], names: list[str], steps: int = 300) -> tuple[Floats, float]:
    """Weights and the score of "none of them", by Adam on the whole set."""
    features, right = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    scaled = ((features - mean) / spread).astype(np.float32)
    starts = np.cumsum([0, *(len(part[1]) for part in parts)])[:-1]
    hole = np.repeat(np.arange(len(parts)), [len(part[1]) for part in parts])
    solvable = np.bincount(hole, right) > 0
    lowest = np.array([0.0 if name.startswith(_RISING) else -np.inf for name in names])
    highest = np.array([0.0 if name.startswith(_FALLING) else np.inf for name in names])
    point, slope, square = (np.zeros(features.shape[1] + 1) for _ in range(3))
    for step in range(1, steps + 1):
        scores = scaled @ point[:-1].astype(np.float32)
        top = np.maximum(np.maximum.reduceat(scores, starts), point[-1])
        powers, none = np.exp(scores - top[hole]), np.exp(point[-1] - top)
        total = np.bincount(hole, powers) + none
        wanted = powers * right / np.maximum(np.bincount(hole, powers * right), 1e-30)[hole]
        pull = scaled.T @ (wanted - powers / total[hole]).astype(np.float32)
        gradient = np.append(pull, (~solvable - none / total).sum()) / len(parts)
        gradient[:-1] -= _PENALTY * point[:-1]
        slope, square = 0.9 * slope + 0.1 * gradient, 0.99 * square + 0.01 * gradient**2
        point += 0.05 * slope / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        point[:-1] = np.clip(point[:-1], lowest, highest)
    found = point[:-1] / spread
    return found, float(point[-1] + found @ mean)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trees", nargs="+", type=Path)
    parser.add_argument("--holes", type=int, default=1500, help="of each tree")
    given = parser.parse_args()
    names: list[str] = []
    parts = [part for tree in given.trees for part in collect(tree, given.holes, names)]
    found, none = fit(parts, names)
    lines = [f'    "{name}": {weight:.4f},' for name, weight in zip(names, found, strict=True)]
    head = '"""How much does each feature of a place weigh? Written by `python -m bench.fit.recall`."""\n\n'
    body = "\n".join([f"NONE = {none:.4f}", "WEIGHTS = {", *lines, "}", ""])
    Path(weights.__file__).write_text(head + body, encoding="utf-8")


if __name__ == "__main__":
    main()
