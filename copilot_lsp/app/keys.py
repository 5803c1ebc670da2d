"""Which setting keys there are, what each holds, and which are sensitive: read off the settings classes."""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class Key:
    """One setting. `path` is dotted, with `*` where the user chooses a name; `expected` says what it holds in words."""

    path: str
    kind: Any
    expected: str
    default: Any
    description: str
    sensitive: bool
    section: bool

    @property
    def is_text(self) -> bool:
        """Whether a value is text as it stands, be it free or one of a few words."""
        return self.kind is str or get_origin(self.kind) is Literal or _is_enum(self.kind)

    @property
    def is_list(self) -> bool:
        """Whether this holds several values."""
        return get_origin(self.kind) in (list, tuple, set, frozenset)

    @property
    def is_plain_section(self) -> bool:
        """Whether this is a table of settings that always exists, not one whose entries the user names."""
        return self.section and isinstance(self.kind, type) and "*" not in self.path

    def covers(self, path: str) -> bool:
        """Whether a dotted path written by a user means this key."""
        mine, theirs = self.path.split("."), path.split(".")
        return len(mine) == len(theirs) and all(one in ("*", other) for one, other in zip(mine, theirs, strict=True))


def keys_of(model: type[BaseModel], prefix: str = "", sensitive: bool = False) -> Iterator[Key]:
    """Every key of a settings class in the order of its fields, a section before what it holds."""
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        secret = sensitive or is_marked(field)
        inner = _model_in(field.annotation)
        named = _is_mapping(field.annotation)
        yield _key(path, field, secret, section=inner is not None or named)
        if named:
            path = f"{path}.*"
            if inner is None:
                kind = get_args(field.annotation)[1]
                yield Key(path, kind, _expected(kind), None, "", secret, section=False)
        if inner is not None:
            if named:
                yield Key(path, inner, "a table", None, "", secret, section=True)
            yield from keys_of(inner, f"{path}.", secret)


def is_marked(field: FieldInfo) -> bool:
    """Whether a field is marked as sensitive."""
    extra = field.json_schema_extra
    return isinstance(extra, dict) and cast("dict[str, object]", extra).get("sensitive") is True


def _key(path: str, field: FieldInfo, sensitive: bool, *, section: bool) -> Key:
    expected = "a table" if section else _expected(field.annotation)
    default = field.get_default(call_default_factory=True)
    return Key(path, field.annotation, expected, default, field.description or "", sensitive, section)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    found = get_args(annotation)[1] if _is_mapping(annotation) else annotation
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _is_mapping(annotation: Any) -> bool:
    return get_origin(annotation) is dict


def _is_enum(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _expected(kind: Any) -> str:
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
    if kind in words:
        return words[kind]
    origin, arguments = get_origin(kind), get_args(kind)
    if _is_enum(kind):
        return "one of " + ", ".join(str(one.value) for one in kind)
    if origin is Literal:
        return "one of " + ", ".join(str(one) for one in arguments)
    if origin in (Union, types.UnionType):
        return " or ".join(_expected(one) for one in arguments if one is not type(None))
    if origin in (list, tuple, set, frozenset):
        return f"a list of {_expected(arguments[0])}"
    return getattr(kind, "__name__", str(kind)).lower()
