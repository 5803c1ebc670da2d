"""Is the golden list of plugins what the plugin folders hold?"""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from copilot_lsp.core import plugins, registry

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "copilot_lsp" / "core" / "plugins.py"


def test_golden_list(update: bool) -> None:
    found = tuple(plugin for kind in registry.KINDS.values() for plugin in scan(kind))
    if update:
        rewrite(found)
        return
    assert found == plugins.PLUGINS, (
        "the plugin folders changed: run pytest tests/architecture/test_plugins.py --update"
    )


def test_every_plugin_loads() -> None:
    for plugin in plugins.PLUGINS:
        assert registry.load(plugin.kind, plugin.name) is not None


def test_a_name_outside_the_list_is_refused() -> None:
    with pytest.raises(LookupError, match="no role named 'nobody'"):
        registry.load("role", "nobody")


@pytest.mark.parametrize("kind", registry.KINDS.values(), ids=lambda kind: kind.name)
def test_plugins_never_import_each_other(kind: registry.PluginKind) -> None:
    for path in plugin_files(kind):
        own = f"{kind.folder}.{path.stem}"
        imported = {name for name in imported_modules(path) if name.startswith(f"{kind.folder}.") and name != own}
        assert not imported, f"{own} imports its siblings {sorted(imported)}: move what they share up"


def plugin_files(kind: registry.PluginKind) -> list[Path]:
    folder = ROOT.joinpath(*kind.folder.split("."))
    return sorted(path for path in folder.glob("*.py") if path.stem != "__init__")


def scan(kind: registry.PluginKind) -> list[plugins.Plugin]:
    found: list[plugins.Plugin] = []
    for path in plugin_files(kind):
        module = import_module(f"{kind.folder}.{path.stem}")
        constant = getattr(module, kind.constant, None)
        assert constant is not None, f"{module.__name__} exports no {kind.constant}"
        assert constant.name == path.stem, f"{module.__name__}.{kind.constant} is named {constant.name!r}"
        found.append(plugins.Plugin(kind.name, constant.name, tuple(getattr(constant, "methods", ()))))
    return found


def imported_modules(path: Path) -> set[str]:
    """The dotted names that a file imports, `from package import module` counted as both."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def rewrite(found: tuple[plugins.Plugin, ...]) -> None:
    head = GOLDEN.read_text(encoding="utf-8").split("PLUGINS:")[0]
    rows = "".join(f"    Plugin({kind!r}, {name!r}, {methods!r}),\n" for kind, name, methods in found)
    body = f"PLUGINS: tuple[Plugin, ...] = (\n{rows})\n" if found else "PLUGINS: tuple[Plugin, ...] = ()\n"
    formatter = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(GOLDEN), "-"]
    done = subprocess.run(formatter, input=head + body, capture_output=True, text=True, check=True, cwd=ROOT)
    GOLDEN.write_text(done.stdout, encoding="utf-8")
