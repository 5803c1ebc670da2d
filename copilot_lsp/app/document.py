"""The page docs/settings.md, written from the settings classes."""

import json
import sys
from typing import Any, cast

from copilot_lsp.app.keys import Key
from copilot_lsp.app.settings import Settings, all_keys

_INTRODUCTION = """# Settings

Written by `python -m copilot_lsp.app.document > docs/settings.md`; a test checks it.

Each setting is looked for in these places, and the first that has it counts:

1. the command line: `--set completion.max_tokens=64`
2. the environment: `COPILOT_LSP_COMPLETION__MAX_TOKENS=64`
3. your own file: `config.toml` in your folder for configuration (`copilot-lsp config` shows where that is)
4. your editor: under `copilotLsp` in its settings, or as initialization options
5. the project: `copilot-lsp.toml`, or the table `[tool.copilot-lsp]` of `pyproject.toml`

A *sensitive* setting could send your code elsewhere or write files. It counts only from places 1 to 3, and from a
project that you trust with exactly these values: `copilot-lsp trust PATH`. `copilot-lsp config` shows what is in effect
and where it came from; `copilot-lsp config --schema` prints a JSON Schema."""


def settings_page() -> str:
    """The page as Markdown."""
    lines = [_INTRODUCTION]
    for section in all_keys():
        rows = [_row(key) for key in all_keys() if not key.section and key.path.rpartition(".")[0] == section.path]
        if section.section and rows:
            lines += ["", f"## {section.path.replace('*', 'NAME')}", "", _about(section), ""]
            lines += ["| key | holds | default | meaning |", "|---|---|---|---|", *rows]
    return "\n".join([*lines, ""])


def _about(key: Key) -> str:
    if key.description:
        return key.description
    document = getattr(key.kind, "__doc__", None) or Settings.__doc__ or ""
    return document.splitlines()[0]


def _row(key: Key) -> str:
    mark = " *Sensitive.*" if key.sensitive else ""
    name = key.path.rpartition(".")[2].replace("*", "NAME")
    return f"| `{name}` | {key.expected} | {_default(key.default)} | {key.description}{mark} |"


def _default(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(sorted(cast("frozenset[str]", value)) if isinstance(value, frozenset) else value)
    if isinstance(value, tuple) and len(text) > 60:
        return " ".join(f"`{one}`" for one in cast("tuple[object, ...]", value))
    return f"`{text}`"


if __name__ == "__main__":
    sys.stdout.write(settings_page())
