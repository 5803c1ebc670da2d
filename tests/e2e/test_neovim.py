"""Does real Neovim 0.11 work with the server? Driven over its own RPC, in insert mode, as a user types."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pynvim = pytest.importorskip("pynvim", reason="Neovim is not installed; `make verify` installs it")

pytestmark = pytest.mark.verify

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


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("", encoding="utf-8")
    (folder / "geometry.py").write_text(_GEOMETRY.lstrip(), encoding="utf-8")
    (folder / "main.py").write_text(_MAIN.lstrip(), encoding="utf-8")
    return folder


@pytest.fixture
def nvim(tmp_path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("STATE", "DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("NVIM_LOG_FILE", str(tmp_path / "nvim.log"))
    binary = shutil.which("nvim", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    assert binary, "pynvim is there, but no nvim"
    editor = pynvim.attach("child", argv=[binary, "--embed", "--headless", "-u", "NONE", "-i", "NONE", "-n"])
    try:
        command = [sys.executable, "-P", "-m", "copilot_lsp", "--stdio"]
        editor.exec_lua(_CONFIG, command, str(tmp_path / "home"))
        editor.command(f"edit {workspace / 'main.py'}")
        until(lambda: editor.exec_lua("return indexed or false"))
        yield editor
    finally:
        editor.close()


def test_diagnostics_arrive_unasked_and_a_code_action_mends_them(nvim: Any) -> None:
    found = until(lambda: nvim.exec_lua("return vim.tbl_map(function(d) return d.lnum end, vim.diagnostic.get(0))"))
    assert found == [4]
    nvim.exec_lua(
        "vim.api.nvim_win_set_cursor(0, { 5, 8 });"
        "vim.lsp.buf.code_action({ apply = true, filter = function(a) return a.isPreferred end })"
    )
    until(lambda: nvim.current.buffer[4] == "    if key is None:")
    until(lambda: nvim.exec_lua("return #vim.diagnostic.get(0) == 0"))


def test_the_popup_offers_names_of_the_workspace(nvim: Any) -> None:
    nvim.input("Go")
    nvim.input("result = rotate_<C-x><C-o>")
    words = until(lambda: [item["word"] for item in nvim.eval("complete_info(['items'])")["items"]])
    assert "rotate_shape" in words
    nvim.input("<C-n><C-y><Esc>")
    until(lambda: nvim.current.line.strip() == "result = rotate_shape")


def test_hover_tells_where_a_name_is_defined(nvim: Any) -> None:
    nvim.exec_lua("vim.api.nvim_win_set_cursor(0, { 7, 14 }); vim.lsp.buf.hover()")
    text = until(lambda: floating_text(nvim))
    assert "rotate_shape" in text
    assert "Turn a shape around the origin" in text


def test_stopping_the_client_ends_the_server_cleanly(nvim: Any) -> None:
    nvim.exec_lua("vim.lsp.enable('copilot_lsp', false)")
    until(lambda: nvim.exec_lua("return #exit_codes > 0"))
    assert nvim.exec_lua("return exit_codes") == [[0, 0]]


def floating_text(nvim: Any) -> str:
    """The text of every floating window."""
    return nvim.exec_lua(
        "local out = {};"
        "for _, w in ipairs(vim.api.nvim_list_wins()) do"
        "  if vim.api.nvim_win_get_config(w).relative ~= '' then"
        "    vim.list_extend(out, vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(w), 0, -1, false))"
        "  end "
        "end;"
        "return table.concat(out, '\\n')"
    )


def until(found: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Wait for a truthy answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.03)
    raise AssertionError(f"not within {seconds} s")
