"""The golden list of plugins. Written by `pytest tests/architecture/test_plugins.py --update`; a test checks it."""

from typing import NamedTuple


class Plugin(NamedTuple):
    """A plugin's kind, its name (also its module's), and the LSP methods or commands that it answers."""

    kind: str
    name: str
    methods: tuple[str, ...] = ()


PLUGINS: tuple[Plugin, ...] = (
    Plugin("backend", "ollama"),
    Plugin("backend", "openai_compatible"),
    Plugin("backend", "scripted"),
)
