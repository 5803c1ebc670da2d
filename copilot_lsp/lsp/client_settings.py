"""What has the client said about settings so far? Three ways in, the newest word wins."""

from collections.abc import Mapping
from typing import Any, cast

SECTION = "copilotLsp"
Tree = Mapping[str, Any]


class ClientSettings:
    """The settings of one client: its initialization options, then what it pushed or let us pull, per folder."""

    def __init__(self, options: Tree) -> None:
        self._base = _initial(options)
        self._scoped: dict[str, Tree] = {}

    def of(self, uri: str) -> dict[str, Any]:
        """What the client says for one folder (the empty URI: for everything else)."""
        return {**self._base, **self._scoped.get(uri, self._scoped.get("", {}))}

    def push(self, params: Tree) -> bool:
        """Take a didChangeConfiguration. False when it holds no settings, which asks us to pull them."""
        settings: Any = params.get("settings")
        if not isinstance(settings, dict):
            return False
        section: Any = cast("dict[str, Any]", settings).get(SECTION)
        if not isinstance(section, dict):
            return False
        self._scoped = {"": cast("Tree", section)}
        return True

    def pulled(self, uri: str, value: Any) -> None:
        """Take one answer to workspace/configuration; null means that nothing is set."""
        self._scoped[uri] = cast("Tree", value) if isinstance(value, dict) else {}


def _initial(options: Tree) -> Tree:
    """The settings in initialization options: under our section, under `settings`, or the options themselves."""
    for key in (SECTION, "settings"):
        inner = options.get(key)
        if isinstance(inner, dict):
            return _initial(cast("Tree", inner))
    return options
