"""Does Neovim 0.12 show ghost text, and does accepting it write what was shown?

Neovim 0.12 is unpacked from Debian's packages by `editors/neovim.sh` into the user's cache, once.
"""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from neovim import neovim, until
from platformdirs import user_cache_path

pytest.importorskip("pynvim", reason="Neovim is not installed; `make verify` installs it")

_SCRIPT = Path(__file__).parent / "editors" / "neovim.sh"
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

pytestmark = [
    pytest.mark.verify,
    pytest.mark.skipif(
        not (shutil.which("apt-get") and _KEYRING.exists()),
        reason="Neovim 0.12 is unpacked from Debian's packages, which this system has no access to",
    ),
]

_GHOST = """
local shown = {}
for name, space in pairs(vim.api.nvim_get_namespaces()) do
  if name:find('inline_completion') then
    for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, space, 0, -1, { details = true })) do
      for _, piece in ipairs(mark[4].virt_text or {}) do table.insert(shown, piece[1]) end
      for _, line in ipairs(mark[4].virt_lines or {}) do
        for _, piece in ipairs(line) do table.insert(shown, piece[1]) end
      end
    end
  end
end
return table.concat(shown, '')
"""


@pytest.fixture
def nvim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    folder = user_cache_path("copilot-lsp") / "editors" / "neovim"
    subprocess.run([_SCRIPT, folder], check=True, timeout=300)
    with neovim(str(folder / "nvim"), tmp_path, monkeypatch) as editor:
        editor.exec_lua("vim.lsp.inline_completion.enable(true)")
        yield editor


def test_ghost_text_is_shown_and_accepted(nvim: Any) -> None:
    nvim.input("Go<CR><CR>def seek(key):<CR>if key == No")
    ghost = until(lambda: nvim.exec_lua(_GHOST))
    assert ghost.startswith("ne:")
    assert nvim.exec_lua("return vim.lsp.inline_completion.get()") is True
    until(lambda: nvim.current.line.strip() == "if key == None:")
