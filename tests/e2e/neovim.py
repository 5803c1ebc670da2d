"""Drive a headless Neovim over its own RPC, with the server set up as the README says."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

# As in the README, plus what a test needs to see: the exit code, and the popup without noise.
_CONFIG = """
local command, home = ...
exit_codes = {}
vim.lsp.config('copilot_lsp', {
  cmd = command,
  cmd_env = { COPILOT_LSP_HOME = home },
  filetypes = { 'python' },
  root_markers = { 'pyproject.toml', '.git' },
  on_exit = function(code, signal) table.insert(exit_codes, { code, signal }) end,
})
vim.lsp.enable('copilot_lsp')
vim.o.completeopt = 'menu,menuone,noselect'
vim.api.nvim_create_autocmd('LspAttach', { callback = function(event)
  vim.lsp.completion.enable(true, event.data.client_id, event.buf, { autotrigger = true })
end })
vim.api.nvim_create_autocmd('LspProgress', { callback = function(event)
  indexed = indexed or event.data.params.value.kind == 'end'
end })
vim.cmd('filetype on')
"""
_GEOMETRY = '''
def rotate_shape(shape, angle):
    """Turn a shape around the origin."""
    return [point.turned(angle) for point in shape]
'''
_MAIN = """
from geometry import rotate_shape


def find(key):
    if key == None:
        return 0
    return rotate_shape([], key)
"""


def make_workspace(folder: Path) -> Path:
    """A project of two files; the answer is the one to open."""
    folder.mkdir()
    (folder / "pyproject.toml").write_text("", encoding="utf-8")
    (folder / "geometry.py").write_text(_GEOMETRY.lstrip(), encoding="utf-8")
    (folder / "main.py").write_text(_MAIN.lstrip(), encoding="utf-8")
    return folder / "main.py"


@contextmanager
def neovim(binary: str, scratch: Path, patch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Neovim with a file open, the client attached, and the workspace indexed."""
    import pynvim  # the tests that import this module say why where it is missing

    for name in ("STATE", "DATA", "CONFIG", "CACHE"):
        patch.setenv(f"XDG_{name}_HOME", str(scratch / name.lower()))
    patch.setenv("NVIM_LOG_FILE", str(scratch / "nvim.log"))
    editor = pynvim.attach("child", argv=[binary, "--embed", "--headless", "-u", "NONE", "-i", "NONE", "-n"])
    try:
        command = [sys.executable, "-P", "-m", "copilot_lsp", "--stdio"]
        editor.exec_lua(_CONFIG, command, str(scratch / "home"))
        editor.command(f"edit {make_workspace(scratch / 'project')}")
        until(lambda: editor.exec_lua("return indexed or false"))
        yield editor
    finally:
        editor.close()


def until(found: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Wait for a truthy answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.03)
    raise AssertionError(f"not within {seconds} s")
