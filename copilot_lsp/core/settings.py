"""Join settings from several sources by precedence, and remember which source each value came from.

A settings tree is a nested mapping of plain values. Each package owns a settings class; `app` reads the sources and
validates. Sensitive keys (dotted paths, a parent covers its children) are taken only from sources marked trusted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """One place that settings come from. `trusted` sources may set sensitive keys."""

    name: str
    values: Tree
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """The joined tree, the name of the source of each leaf, and (source, key) pairs that were not taken from it."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    origin: dict[str, str] = field(default_factory=dict[str, str])
    refused: tuple[tuple[str, str], ...] = ()


def merge(sources: Iterable[Source], sensitive: frozenset[str] = frozenset()) -> Merged:
    """Join sources, the first the strongest. Lists are replaced whole, mappings are joined key by key."""
    flat: dict[str, Any] = {}
    origin: dict[str, str] = {}
    refused: list[tuple[str, str]] = []
    for source in sources:
        taken = set(flat)
        for key, value in flatten(source.values).items():
            if not source.trusted and is_sensitive(key, sensitive):
                refused.append((source.name, key))
            elif not _shadowed(key, taken):
                flat[key] = value
                origin[key] = source.name
    return Merged(nest(flat), origin, tuple(refused))


def is_sensitive(key: str, sensitive: frozenset[str]) -> bool:
    """Whether a key is a sensitive one, lies below one, or would replace one as a whole."""
    return any(key == one or key.startswith(f"{one}.") or one.startswith(f"{key}.") for one in sensitive)


def flatten(tree: Tree, prefix: str = "") -> dict[str, Any]:
    """`{"a": {"b": 1}}` becomes `{"a.b": 1}`; keys that hold dots already are paths, as VS Code writes them."""
    flat: dict[str, Any] = {}
    for key, value in tree.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            flat.update(flatten(cast("Tree", value), f"{path}."))
        else:
            flat[path] = value
    return flat


def nest(flat: Tree) -> dict[str, Any]:
    """The inverse of `flatten`. Where a path is both a leaf and a parent, the parent wins."""
    tree: dict[str, Any] = {}
    for path, value in flat.items():
        *parents, leaf = path.split(".")
        node = tree
        for parent in parents:
            child = node.get(parent)
            if not isinstance(child, dict):
                child = node[parent] = {}
            node = cast("dict[str, Any]", child)
        if not isinstance(node.get(leaf), dict):
            node[leaf] = value
    return tree


def _shadowed(key: str, taken: set[str]) -> bool:
    return any(key == one or key.startswith(f"{one}.") or one.startswith(f"{key}.") for one in taken)
