"""What do all the places that go on alike say together?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copilot_lsp.recall.evidence import FIGURES, Evidence
from copilot_lsp.recall.match import Numbers

Matrix = NDArray[np.float32]

_MOST_OF = (
    *("left", "right", "both", "around left", "around right", "own", "folder", "below"),
    *("alike left 8", "alike left 24", "alike right 8", "alike right 24"),
    *("natural", "adapted", "natural left", "natural right", "adapted alike"),
)
_LEAST_OF = ("near", "apart")
_OF_ITS_PLACE = (
    *("left", "right", "near", "own", "apart", "around left", "around right", "shallower", "too deep"),
    *("adapted", "slotted"),
)
_TOP_OF = ("left", "right", "both")
_COUNTED = ("all", "own", "folder")
_VOTES = ("left", "right", "both", "own", "near", "alike")
NAMES = (
    *(f"most {name}" for name in _MOST_OF),
    *(f"less {name}" for name in _MOST_OF),
    *(f"best {name}" for name in _TOP_OF),
    *(f"{name} to 2" for name in _TOP_OF),
    *(f"{name} to 4" for name in _TOP_OF),
    *(f"least {name}" for name in _LEAST_OF),
    *(f"its {name}" for name in _OF_ITS_PLACE),
    *(f"count {name}" for name in _COUNTED),
    *(f"votes {name}" for name in _VOTES),
    *(f"less votes {name}" for name in _VOTES),
)
_MORE = ("both", "natural", "natural left", "natural right", "adapted alike")
_ROW = {name: number for number, name in enumerate((*FIGURES, *_MORE))}
_MOST_ROWS, _LEAST_ROWS, _ITS_ROWS = ([_ROW[name] for name in names] for names in (_MOST_OF, _LEAST_OF, _OF_ITS_PLACE))


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Rows in an order in which those that belong together follow each other, the best first, and where each group
    begins.
    """

    order: Numbers
    firsts: Numbers

    @property
    def heads(self) -> Numbers:
        """The best row of each."""
        return self.order[self.firsts]


def grouped(keys: NDArray[np.uint64], rows: Numbers, worth: Matrix) -> Groups:
    """Those of some rows together that have equal keys."""
    order = np.lexsort((-worth, keys))
    keys = keys[order]
    return Groups(rows[order], np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])))


def agreement(rows: Evidence, groups: Groups, limit: int) -> tuple[Numbers, Matrix]:
    """The groups that most speaks for, so many, and what speaks for them in rows by `NAMES`."""
    every = np.empty((len(_ROW), len(groups.order)), np.float32)
    every[: len(FIGURES)] = rows.figures[:, groups.order]
    of = dict(zip(_ROW, every, strict=True))
    copied = of["natural"]
    np.equal(of["adapted"], 0, out=copied, casting="unsafe")
    np.minimum(every[:2], 16, out=every[:2])
    of["both"][:] = np.minimum(of["left"], 8) + np.minimum(of["right"], 8)
    np.multiply(every[:2], copied, out=every[_ROW["natural left"] : _ROW["natural right"] + 1])
    of["adapted alike"][:] = (of["alike left 24"] + of["alike right 24"]) * (1 - copied)
    shares = _votes(of, groups.firsts)
    less = shares.max(axis=1, keepdims=True) - shares
    best = np.argsort(less[_VOTES.index("both")], kind="stable")[:limit]
    most = np.maximum.reduceat(every[_MOST_ROWS], groups.firsts, axis=1)
    top = most.max(axis=1, keepdims=True)
    most = most[:, best]
    least = np.minimum.reduceat(every[_LEAST_ROWS], groups.firsts, axis=1)[:, best]
    counts = np.add.reduceat(np.stack([copied, of["own"], of["folder"]]), groups.firsts, axis=1)[:, best]
    its = every[_ITS_ROWS][:, groups.firsts[best]]
    three = len(_TOP_OF)
    tops = np.broadcast_to(top[:three], (three, len(best)))
    return best, np.concatenate(
        [
            *(most, top - most, tops, np.minimum(most[:three], 2), np.minimum(most[:three], 4)),
            *(least, its, np.log2(1 + counts), shares[:, best], less[:, best]),
        ]
    )


def _votes(of: dict[str, Matrix], firsts: Numbers) -> Matrix:
    """The logarithm of each group's share of all votes, by what a place's vote is worth."""
    powers = np.stack(
        [
            0.8 * np.minimum(of["left"], 10),
            0.8 * np.minimum(of["right"], 10),
            of["worth"],
            of["worth"] - 20 * (1 - of["own"]),
            of["left"] - of["near"],
            0.4 * (of["alike left 24"] + of["alike right 24"]),
        ]
    )
    votes = np.add.reduceat(np.exp(powers - powers.max(axis=1, keepdims=True)), firsts, axis=1)
    return np.log(votes / votes.sum(axis=1, keepdims=True) + np.float32(1e-9))
