"""Which uses of a name mean the same thing, by the scopes of the language?"""

import time
from collections.abc import Sequence
from typing import NamedTuple

from copilot_lsp.syntax.tree import SyntaxTree
from copilot_lsp.syntax.uses import Scope, Use, places, use_at

# A name that stands at more places than this is read up to there: 30 microseconds each.
MOST = 150
# Of this thread's own time, so that a busy machine changes nothing; usually they are read within a tenth of it.
_SECONDS = 0.1
_FUNCTIONS = frozenset({"function", "method"})
_SCOPED = ("name", "shorthand")


class Bound(NamedTuple):
    """What one name means at one place: `home` is None where nothing in the document binds it.

    `uses` are all that mean the same, in reading order; `kinds` what it is bound as.
    """

    name: str
    home: Scope | None
    uses: tuple[Use, ...]
    kinds: frozenset[str]


class Names:
    """The uses of one name in a document, or between two bytes of it, and what each of them means."""

    def __init__(self, tree: SyntaxTree, name: str, start: int = 0, end: int = 1 << 62) -> None:
        self.name = name
        self.uses = _read(tree, places(tree, name, start, end)[:MOST])
        self._scoped = [use for use in self.uses if use.role in _SCOPED]
        outward = {use.scopes[0] for use in self.uses if use.role == "outward" and use.scopes}
        self._homes: dict[Scope, set[str]] = {}
        for use in self._scoped:
            if use.home is not None and use.home not in outward:
                self._homes.setdefault(use.home, set()).add(use.binds)

    def bound(self, start: int) -> Bound | None:
        """What the name at a byte means, None when it is no name that scopes decide about (a member, a label)."""
        here = next((use for use in self._scoped if use.start == start), None)
        if here is None:
            return None
        home, group = self.home(here), self._group(here)
        found = [use for use in self.uses if self._means(use, home, group)]
        kinds = frozenset(use.binds for use in found if use.home == home and use.binds)
        return Bound(self.name, home, tuple(found), kinds)

    def home(self, use: Use) -> Scope | None:
        """The scope that binds what a use means."""
        if use.home is not None and use.home in self._homes:
            return use.home
        return next((one for one in use.scopes if one in self._homes and _seen(one, use.scopes)), None)

    def binds(self, scopes: Sequence[Scope]) -> bool:
        """Whether the name is bound in one of these scopes, which are around a place, the innermost first."""
        return any(one in self._homes and _seen(one, scopes) for one in scopes)

    def _means(self, use: Use, home: Scope | None, group: bool | None) -> bool:
        if use.role == "outward":
            return home is not None and home in use.scopes[1:]
        if use.role not in _SCOPED:
            return False
        return self.home(use) == home and (group is None or self._group(use) == group)

    def _group(self, use: Use) -> bool | None:
        """Where one scope has a method and a variable of one name: whether this is the method. Else None."""
        home = self.home(use)
        kinds = self._homes.get(home, set()) if home else set[str]()
        if not (kinds & _FUNCTIONS and kinds - _FUNCTIONS):
            return None
        return use.binds in _FUNCTIONS if use.binds else use.arguments is not None


def bound_at(tree: SyntaxTree, start: int, end: int) -> Bound | None:
    """What the name between two bytes means, None when scopes do not decide about it.

    The scopes around it are read from the innermost on, so that a local name costs no more than its function.
    """
    here = use_at(tree, start, end)
    if here is None or here.role not in _SCOPED:
        return None
    name = tree.offsets.text(start, end)
    for scope in here.scopes:
        if scope.members and scope != here.scopes[0]:
            continue
        found = Names(tree, name, scope.start, scope.end)
        if any(use.role == "outward" for use in found.uses):
            continue
        bound = found.bound(start)
        if (
            bound is not None
            and bound.home is not None
            and scope.start <= bound.home.start < bound.home.end <= scope.end
        ):
            return bound
    return Names(tree, name).bound(start)


def _read(tree: SyntaxTree, spans: list[tuple[int, int]]) -> tuple[Use, ...]:
    """The uses at some places; none where reading them takes too long, as among thousands of parameters."""
    started = time.thread_time()
    found: list[Use] = []
    for span in spans:
        use = use_at(tree, *span)
        if use is not None:
            found.append(use)
        if time.thread_time() - started > _SECONDS:
            return ()
    return tuple(found)


def _seen(scope: Scope, scopes: Sequence[Scope]) -> bool:
    return not scope.members or scope == scopes[0]
