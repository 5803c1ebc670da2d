"""Which types does LSP give the messages of a method?"""

from typing import Any

from lsprotocol import types

# Per method: the request or notification, its response, its parameters, its registration options. Not typed there.
_TYPES: dict[str, tuple[Any, Any, Any, Any]] = vars(types)["METHOD_TO_TYPES"]


def params_type(method: str) -> Any:
    """The type of a method's parameters; None when it has none."""
    found = _TYPES.get(method)
    return found[2] if found else None


def response_type(method: str) -> Any:
    """The type of a whole answer, whose `result` is what was asked for; None when there is none."""
    found = _TYPES.get(method)
    return found[1] if found else None
