"""Which definitions of other files does the code around a place speak for, and how?

Each function reads one kind of evidence. Nothing is decided here: a proposal has a value from 0 to 1 that says how
strong or how near the evidence is, `worth` says what that counts.
"""

from collections.abc import Iterator
from itertools import islice
from posixpath import dirname
from typing import NamedTuple

from copilot_lsp.index.defined import Row
from copilot_lsp.index.graph import distance
from copilot_lsp.index.scene import Scene
from copilot_lsp.syntax.symbols import TYPES

# So many of the nearest names are looked up by name alone; looking one up takes 20 microseconds.
_LOOKED_UP = 24
# Where imports stand, any name of the document may be the one to import.
_UNBOUND = 150
_BASES = 5
_LEVEL = 12
# So near must a variable be that a type is looked for by its name.
_LIKE = 0.2
_VALUES = frozenset({"variable", "constant", "field", "property"})
# Of a file that is imported, open or changed so many definitions are proposed, and so many open or changed files.
_PRESENT = 100
_FILES = 5
_NAMESAKES = 2


class Proposal(NamedTuple):
    """Evidence of one kind for a definition: `whole` for the outline of a class, else for the definition itself."""

    kind: str
    value: float
    row: Row
    whole: bool = False


def proposals(scene: Scene) -> Iterator[Proposal]:
    """All evidence. Definitions of the document itself are not proposed."""
    for read in (
        _imported,
        _of_modules,
        _inherited,
        _results,
        _unimported,
        _like_types,
        _members,
        _unbound,
        _tested,
        _at_work,
    ):
        for one in read(scene):
            if one.row.path != scene.path:
                yield one


def _imported(scene: Scene) -> Iterator[Proposal]:
    """What is imported by name: in use nearby, in use at all, or still waiting for its first use."""
    sight = scene.sight
    for name, row in scene.bound.items():
        used = sight.used(name)
        if used > 0:
            yield Proposal("used", min(used, 20) ** 0.5 / 5, row)
        else:
            yield Proposal("unused", 0.9, row)
        if near := sight.plain.get(name):
            yield Proposal("near", near, row)
        if called := sight.calls.get(name):
            yield Proposal("called", called, row)


def _of_modules(scene: Scene) -> Iterator[Proposal]:
    """What is used of modules that are imported as a whole, and what else they have."""
    sight = scene.sight
    for module, files in scene.modules.items():
        for name, near in sight.behind.get(module, {}).items():
            row = scene.trail.definition(files, name)
            if row is not None:
                yield Proposal("of module", near, row)
                if called := sight.calls.get(name):
                    yield Proposal("called", called, row)
        kind = "module" if sight.used(module) else "unused module"
        rows = scene.defined.of(files[0], "")[:_PRESENT] if files else []
        for row in rows:
            yield Proposal(kind, 0.5 / len(rows), row)


def _inherited(scene: Scene) -> Iterator[Proposal]:
    """The classes that the ones around the place inherit from."""
    seen: set[Row] = set()
    around = [one for one in scene.sight.around if one.kind in TYPES]
    for depth, one in enumerate(around):
        level = list(scene.types_in(one.signature.partition(one.name)[2], scene.path))
        for step in range(_BASES):
            for row in level:
                yield Proposal("base", 1.0 / (1 + step + 2 * depth), row, whole=True)
            seen.update(level)
            parents = (base for row in level for base in scene.types_in(row.signature.partition(row.name)[2], row.path))
            level = [base for base in dict.fromkeys(parents) if base not in seen][:_LEVEL]


def _results(scene: Scene) -> Iterator[Proposal]:
    """Types of what is used near the place: results of functions, and what variables are made of."""
    for name, near in scene.sight.plain.items():
        row = scene.bound.get(name)
        if row is None or row.kind in TYPES:
            continue
        _, _, said = row.signature.partition(row.name)
        for found in scene.types_in(said if row.kind in _VALUES else said.rpartition(")")[2], row.path):
            yield Proposal("result", near, found, whole=True)


def _unimported(scene: Scene) -> Iterator[Proposal]:
    """Names near the place that no import binds: files of one folder may see each other without."""
    here = dirname(scene.path)
    names = [(name, near) for name, near in scene.sight.plain.items() if len(name) > 2 and not scene.is_bound(name)]
    for name, near in names[:_LOOKED_UP]:
        rows = [row for row in scene.defined.named(name) if not row.container]
        for row in rows:
            kind = "same folder" if dirname(row.path) == here else "same name"
            yield Proposal(kind, near / len(rows), row)


def _like_types(scene: Scene) -> Iterator[Proposal]:
    """Types that are called as something near the place is: `query_set` may be a `QuerySet`."""
    sight = scene.sight
    names: dict[str, float] = {}
    for name in (*sight.behind, *sight.plain):
        near = max(sight.plain.get(name, 0.0), sight.members.get(name, 0.0))
        if near > _LIKE and name not in scene.bound:
            names.setdefault(name.replace("_", ""), near)
    nearest = sorted(names.items(), key=lambda entry: -entry[1])
    for name, near in [entry for entry in nearest if len(entry[0]) > 3][:_LOOKED_UP]:
        rows = scene.defined.types_like(name)
        for row in rows:
            kind = "like a type in reach" if row.path in scene.reach else "like a type"
            yield Proposal(kind, near / len(rows), row, whole=True)


def _members(scene: Scene) -> Iterator[Proposal]:
    """Classes that have the members which are used near the place."""
    sight = scene.sight
    for name, near in list(sight.members.items())[:_LOOKED_UP]:
        rows = scene.defined.named(name)
        for row in rows:
            kind = "member" if row.container else "function"
            yield Proposal(f"{kind} in reach" if row.path in scene.reach else kind, near / len(rows), row)


def _unbound(scene: Scene) -> Iterator[Proposal]:
    """Where imports stand: names that the document uses and neither defines nor imports."""
    sight = scene.sight
    if not sight.among_imports:
        return
    own = {one.name for one in sight.symbols}
    names = (name for name in sight.names() if len(name) > 2 and name not in own and not scene.is_bound(name))
    for name in islice((name for name in names if name.isidentifier()), _UNBOUND):
        rows = [row for row in scene.defined.named(name) if not row.container]
        for row in rows:
            kind = "not imported in reach" if row.path in scene.reach else "not imported"
            yield Proposal(kind, 1 / len(rows), row)


def _tested(scene: Scene) -> Iterator[Proposal]:
    """What a file of tests tests: the file that is called the same without the marks of a test."""
    stem = scene.sight.tested
    if not stem:
        return
    files = sorted(scene.defined.namesakes(scene.path, stem), key=lambda path: distance(scene.path, path))[:_NAMESAKES]
    for path in files:
        rows = scene.defined.of(path, "")[:_PRESENT]
        for row in rows:
            yield Proposal("tested", 0.5 / len(rows) / len(files), row)


def _at_work(scene: Scene) -> Iterator[Proposal]:
    """Files that are open beside the document, and those that have changed since the last commit."""
    opened = [path for path, one in scene.defined.opened.items() if one is not None]
    for kind, paths in (("open", opened[-_FILES:]), ("changed", scene.changed[:_FILES])):
        for path in paths:
            rows = scene.defined.of(path, "")[:_PRESENT]
            for row in rows:
                yield Proposal(kind, 0.5 / len(rows), row)
