"""What the environment and the settings files say, before anybody checks whether it makes sense."""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from copilot_lsp.core.settings import Tree, flatten

ENVIRONMENT_PREFIX = "COPILOT_LSP_"
PROJECT_FILE = "copilot-lsp.toml"
_LARGEST = 500_000
# tomllib's time grows with the cube of a dotted key's parts: 20,000 took 9 s, and workspaces are not to be trusted.
_TOO_DEEP = re.compile(r"""(?<![\w"'-])(?:[\w"'-]+[ \t]*\.[ \t]*){40}""")


@dataclass(frozen=True, slots=True)
class Table:
    """What one place says, under dotted keys. `name` is for messages, `problem` says why it could not be used.

    `own` places belong to the user and may set sensitive keys. Values of `text` places are all text, even numbers.
    """

    name: str
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    problem: str = ""
    own: bool = False
    text: bool = False


def options_table(options: Tree) -> Table:
    """What the command line sets."""
    return Table("the command line", flatten(options), own=True, text=True)


def environment(variables: Mapping[str, str] | None = None) -> Table:
    """`COPILOT_LSP_SECTION__KEY=value` for every such variable; the value may be JSON where text is not expected."""
    found: dict[str, Any] = {}
    for name, value in (os.environ if variables is None else variables).items():
        if name.startswith(ENVIRONMENT_PREFIX) and "__" in name:
            found[name.removeprefix(ENVIRONMENT_PREFIX).lower().replace("__", ".")] = value
    return Table("the environment", found, own=True, text=True)


def user_table(config: Path) -> Table:
    """The user's own file, config.toml in their folder for configuration."""
    return replace(toml_table(config / "config.toml"), own=True)


def project_table(root: Path) -> Table:
    """The project's file: copilot-lsp.toml, or else the table tool.copilot-lsp of pyproject.toml."""
    own = toml_table(root / PROJECT_FILE)
    if own.values or own.problem:
        return own
    shared = toml_table(root / "pyproject.toml")
    prefix = "tool.copilot-lsp."
    # A pyproject.toml that does not parse is for its other readers to complain about.
    return Table(
        shared.name,
        {key.removeprefix(prefix): value for key, value in shared.values.items() if key.startswith(prefix)},
    )


def toml_table(file: Path) -> Table:
    """What a TOML file says; nothing when there is none."""
    name = str(file)
    try:
        if file.stat().st_size > _LARGEST:
            return Table(name, problem=f"{name} is larger than any settings file; it is ignored.")
        text = file.read_text(encoding="utf-8-sig")
        if _TOO_DEEP.search(text):
            return Table(name, problem=f"{name} is nested too deeply; it is ignored.")
        return Table(name, flatten(tomllib.loads(text)))
    except (FileNotFoundError, NotADirectoryError):
        return Table(name)
    except OSError as error:
        return Table(name, problem=f"{name} cannot be read ({error.strerror or error}); it is ignored.")
    except UnicodeDecodeError:
        return Table(name, problem=f"{name} is not UTF-8 text; it is ignored.")
    except tomllib.TOMLDecodeError as error:
        return Table(name, problem=f"{name} is not valid TOML: {_where(error)}; it is ignored.")
    except RecursionError:
        return Table(name, problem=f"{name} is nested too deeply; it is ignored.")


def client_table(sent: Mapping[str, Any]) -> Table:
    """What an editor sent: either our settings or a table of all its settings with ours under `copilotLsp`."""
    name, ours = "your editor's settings", sent.get("copilotLsp", sent)
    try:
        return Table(name, flatten(cast("Tree", ours)) if isinstance(ours, Mapping) else {})
    except RecursionError:
        return Table(name, problem="Your editor's settings are nested too deeply; they are ignored.")


def parsed(text: str, *, is_list: bool) -> Any:
    """A value from a variable or the command line, where not just text is expected: JSON, or a list with commas."""
    try:
        return json.loads(text)
    except ValueError:
        return [part.strip() for part in text.split(",") if part.strip()] if is_list else text


def _where(error: tomllib.TOMLDecodeError) -> str:
    text = str(error)
    return text[:1].lower() + text[1:]
