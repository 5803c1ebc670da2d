"""Does real Neovim 0.11 work with the server? Driven over its own RPC, in insert mode, as a user types."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from neovim import neovim, until

pytest.importorskip("pynvim", reason="Neovim is not installed; `make verify` installs it")

pytestmark = pytest.mark.verify


@pytest.fixture
def nvim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    binary = shutil.which("nvim", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    assert binary, "pynvim is there, but no nvim"
    with neovim(binary, tmp_path, monkeypatch) as editor:
        yield editor


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
