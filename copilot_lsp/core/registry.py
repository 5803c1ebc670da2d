"""Find plugins by kind and name, and import each at its first use: the only late-import site of the project."""

from dataclasses import dataclass
from importlib import import_module

from copilot_lsp.core.plugins import PLUGINS


@dataclass(frozen=True, slots=True)
class PluginKind:
    """One of the plugin folders: `folder` is the package that holds the plugins, `constant` what each exports."""

    name: str
    folder: str
    constant: str


KINDS = {
    kind.name: kind
    for kind in (
        PluginKind("backend", "copilot_lsp.providers.backends", "BACKEND"),
        PluginKind("role", "copilot_lsp.agents.roles", "AGENT"),
        PluginKind("filter", "copilot_lsp.agents.filters", "FILTER"),
        PluginKind("action", "copilot_lsp.features.actions", "ACTION"),
        PluginKind("rule", "copilot_lsp.analysis.rules", "RULE"),
        PluginKind("handler", "copilot_lsp.lsp.handlers", "HANDLER"),
    )
}


def names(kind: str) -> tuple[str, ...]:
    """The plugins of one kind, in the order of the golden list (by name)."""
    return tuple(plugin.name for plugin in PLUGINS if plugin.kind == kind)


def methods(kind: str) -> dict[str, str]:
    """For each LSP method or command that a plugin of this kind answers, the plugin's name."""
    return {method: plugin.name for plugin in PLUGINS if plugin.kind == kind for method in plugin.methods}


def load(kind: str, name: str) -> object:
    """The constant that a plugin exports. Raises LookupError for a name that is not in the golden list."""
    known = loaded(kind, name)
    if known is not None:
        return known
    if name not in names(kind):
        raise LookupError(f"no {kind} named {name!r}; there are {', '.join(names(kind)) or 'none'}")
    where = KINDS[kind]
    plugin = _loaded[kind, name] = getattr(import_module(f"{where.folder}.{name}"), where.constant)
    return plugin


def loaded(kind: str, name: str) -> object | None:
    """The constant of a plugin that was imported already: for callers that must not wait for an import."""
    return _loaded.get((kind, name))


_loaded: dict[tuple[str, str], object] = {}
