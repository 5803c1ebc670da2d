"""Which settings are in effect, where each came from, and what could not be used.

Sources, the strongest first: command line, environment, user file, editor, project file, defaults. A value of the wrong
type gives way to the next source's; an unknown key is said once; nothing here ever fails.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from copilot_lsp.app.keys import Key, keys_of
from copilot_lsp.app.paths import Paths
from copilot_lsp.app.settings_files import (
    Table,
    client_table,
    environment,
    options_table,
    parsed,
    project_table,
    user_table,
)
from copilot_lsp.app.trust import Trust, sensitive_values
from copilot_lsp.core.printable import printable_line
from copilot_lsp.core.settings import Source, Tree, flatten, merge
from copilot_lsp.features.settings import FeatureSettings
from copilot_lsp.providers.settings import ProviderSettings
from copilot_lsp.side.settings import SideSettings
from copilot_lsp.telemetry.settings import TelemetrySettings

# Sources are joined and checked with some work per pair of keys: a bound keeps a hostile file from costing seconds.
_MOST = 500


class Settings(FeatureSettings):
    """All settings of copilot-lsp. In TOML each section is a table; in an editor they are under `copilotLsp`."""

    providers: ProviderSettings = ProviderSettings()
    telemetry: TelemetrySettings = TelemetrySettings()
    side: SideSettings = SideSettings()


@dataclass(frozen=True, slots=True)
class Effective:
    """The settings, the source of each key that is not a default, and one sentence for each thing not used."""

    settings: Settings
    origin: dict[str, str] = field(default_factory=dict[str, str])
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """What does not change while the process runs: command line, environment, user file. Made by `read`."""

    options: Table
    variables: Table
    user: Table
    trust: Trust

    @classmethod
    def read(cls, options: Tree, paths: Paths) -> "Sources":
        """Read the environment and the user's file."""
        return cls(options_table(options), environment(), user_table(paths.config), Trust(paths.state))

    def effective(self, client: Mapping[str, Any], root: Path | None) -> tuple[Settings, tuple[str, ...]]:
        """The settings for what a client sent and a workspace, and what a person should read about them."""
        found = self.explain(client, root)
        return found.settings, found.problems

    def explain(self, client: Mapping[str, Any], root: Path | None) -> Effective:
        """The same with the source of each value."""
        project = project_table(root) if root is not None else Table("no project")
        tables = [self.options, self.variables, self.user, client_table(client), project]
        problems = [table.problem for table in tables if table.problem]
        sources: list[Source] = []
        for table in tables:
            values, unknown = _known(table)
            problems += unknown
            trusted = table.own
            if table is project and root is not None and (secret := sensitive_values(values, sensitive_keys())):
                trusted = self.trust.holds(root, secret)
            sources.append(Source(table.name, values, trusted))
        refused = _refusals(sources, project.name, root, self.user.name)
        return _validated(sources, [*problems, *refused])


@cache
def all_keys() -> tuple[Key, ...]:
    """Every key there is."""
    return tuple(keys_of(Settings))


@cache
def sensitive_keys() -> frozenset[str]:
    """The keys that only the user may set; each covers what is below it."""
    return frozenset(key.path for key in all_keys() if key.sensitive and "*" not in key.path)


def key_of(path: str) -> Key | None:
    """The key that a dotted path means."""
    return _plain_keys().get(path) or next((key for key in _named_keys() if key.covers(path)), None)


@cache
def _plain_keys() -> dict[str, Key]:
    return {key.path: key for key in all_keys() if "*" not in key.path}


@cache
def _named_keys() -> tuple[Key, ...]:
    return tuple(key for key in all_keys() if "*" in key.path)


def _known(table: Table) -> tuple[dict[str, Any], list[str]]:
    """The values of a table under keys that exist, and a sentence about the others."""
    if len(table.values) > _MOST:
        return {}, [f"{_begin(table.name)}: more than {_MOST} settings are no settings of copilot-lsp; ignored."]
    values: dict[str, Any] = {}
    unknown: list[str] = []
    for path, value in table.values.items():
        key = key_of(path)
        if key is None:
            unknown.append(printable_line(path, 60))
        elif value is None or (value == {} and key.is_plain_section):
            continue  # editors send null, or an empty table, for what is not set
        else:
            is_written = table.text and isinstance(value, str) and not key.is_text
            values[path] = parsed(value, is_list=key.is_list) if is_written else value
    if not unknown:
        return values, []
    named = ", ".join(sorted(unknown)[:5]) + (f" and {len(unknown) - 5} more" if len(unknown) > 5 else "")
    return values, [f"{_begin(table.name)}: no setting of copilot-lsp is called {named}; ignored."]


def _validated(sources: list[Source], problems: list[str]) -> Effective:
    """Check the joined values; what does not fit is taken out of its source, so that the next source's counts."""
    while True:
        merged = merge(sources, sensitive_keys())
        try:
            settings = Settings.model_validate_json(_as_json(merged.values), strict=True)
            return Effective(settings, merged.origin, tuple(dict.fromkeys(problems)))
        except ValidationError as error:
            bad = {key: row for row in error.errors() for key in _blamed(merged.origin, row["loc"])}
            # Invariant: each round takes at least one key out of a source, so this ends.
            for path, row in bad.items():
                name = merged.origin[path]
                problems.append(_misfit(name, path, row["msg"], wrong_type=row["type"].endswith(("_type", "_parsing"))))
                sources = [_without(one, path) if one.name == name else one for one in sources]


def _blamed(origin: Mapping[str, str], location: Iterable[int | str]) -> list[str]:
    """The keys that a validation error is about: the one it names, or that lies above it, or all below it."""
    path = ".".join(str(part) for part in location)
    at_or_above = [key for key in origin if path == key or path.startswith(f"{key}.")]
    return at_or_above or [key for key in origin if key.startswith(f"{path}.")] or list(origin)[:1]


def _without(source: Source, path: str) -> Source:
    return replace(source, values={key: value for key, value in flatten(source.values).items() if key != path})


def _misfit(name: str, path: str, message: str, *, wrong_type: bool) -> str:
    key, path = key_of(path), printable_line(path, 60)
    if wrong_type and key is not None:
        return f"{_begin(name)}: {path} cannot be used; it should be {key.expected}. The value is ignored."
    # pydantic's own words are good where a value has the right type but breaks a rule ("less than or equal to 1").
    rule = message.removeprefix("Value error, ").removeprefix("Input ")
    return f"{_begin(name)}: {path} {rule}. The value is ignored."


def _refusals(sources: list[Source], project: str, root: Path | None, user: str) -> list[str]:
    """One sentence for each untrusted source that tried to set sensitive keys to something else than their default."""
    told = {source.name: flatten(source.values) for source in sources}
    by_source: dict[str, list[str]] = {}
    for name, path in merge(sources, sensitive_keys()).refused:
        key = key_of(path)
        # Some editors send every setting that they know of, with its default.
        if key is None or told[name][path] != key.default:
            by_source.setdefault(name, []).append(path)
    return [
        f"{_begin(name)}: only you may set {', '.join(printable_line(path, 60) for path in sorted(paths)[:20])}; "
        + (f"run `copilot-lsp trust {root}` if you trust it." if name == project else f"put it in {user}.")
        for name, paths in by_source.items()
    ]


def _as_json(values: Tree) -> bytes:
    # Strict JSON takes a list for a set and a whole number for a fraction, but neither "5" nor true for 5.
    return json.dumps(values, default=str, ensure_ascii=False).encode("utf-8", "replace")


def _begin(name: str) -> str:
    return name[:1].upper() + name[1:] if not name.startswith(("/", "\\")) else name
