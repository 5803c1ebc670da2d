"""What a server's JSON holds, when it may hold anything."""

import math
from collections.abc import Mapping
from typing import Any, cast


def listed(value: object, key: str) -> list[Mapping[str, Any]]:
    """The objects in the list at `key`; none when there is no such list."""
    found = cast("Mapping[str, Any]", value).get(key) if isinstance(value, dict) else None
    rows = cast("list[Any]", found) if isinstance(found, list) else []
    return [cast("Mapping[str, Any]", row) for row in rows if isinstance(row, dict)]


def names_of(value: object, *keys: str) -> frozenset[str]:
    """The texts in the list at a path of keys; none when there is no such list."""
    found = nested(value, *keys)
    rows = cast("list[Any]", found) if isinstance(found, list) else []
    return frozenset(row for row in rows if isinstance(row, str))


def nested(value: object, *keys: str) -> object:
    """The value at a path of keys; None when there is none."""
    for key in keys:
        value = cast("Mapping[str, Any]", value).get(key) if isinstance(value, dict) else None
    return value


def text_of(value: object, *keys: str) -> str:
    """The text at a path of keys; empty when there is none."""
    found = nested(value, *keys)
    return found if isinstance(found, str) else ""


def number(value: object, *keys: str) -> float:
    """The number at a path of keys, between 0 and a million millions; 0 when there is none."""
    found = nested(value, *keys)
    if not isinstance(found, int | float) or math.isnan(found):
        return 0.0
    return max(0.0, min(1e12, found))
