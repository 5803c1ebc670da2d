"""Which editors are on this machine, and which of them know copilot-lsp already?"""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from copilot_lsp.cli.doctor.advice import Advice

_MENTIONS = (b"copilot-lsp", b"copilot_lsp", b"copilotLsp")
_LARGEST, _MOST = 1_000_000, 500


@dataclass(frozen=True, slots=True)
class _Editor:
    """`files` are patterns below the home folder (or the folder for configuration) where a mention would be.

    `recipe` is what makes the editor start copilot-lsp.
    """

    name: str
    programs: tuple[str, ...]
    files: tuple[str, ...]
    recipe: str


_EDITORS = (
    _Editor(
        "Neovim",
        ("nvim",),
        (".config/nvim/**/*.lua", ".config/nvim/init.vim"),
        "vim.lsp.config('copilot_lsp', {cmd = {'copilot-lsp', '--stdio'}, root_markers = {'.git'}}) "
        "vim.lsp.enable('copilot_lsp')   in ~/.config/nvim/init.lua",
    ),
    _Editor(
        "Vim",
        ("vim",),
        (".vimrc", ".vim/**/*.vim"),
        "au User lsp_setup call lsp#register_server({'name': 'copilot-lsp', 'cmd': ['copilot-lsp', '--stdio'], "
        "'allowlist': ['*']})   in ~/.vimrc, with the plugin vim-lsp",
    ),
    _Editor(
        "Helix",
        ("hx", "helix"),
        (".config/helix/languages.toml", ".helix/languages.toml"),
        'language-server.copilot-lsp = {command = "copilot-lsp", args = ["--stdio"]}   '
        "in ~/.config/helix/languages.toml, and its name in the language-servers of a language",
    ),
    _Editor(
        "Emacs",
        ("emacs",),
        (".emacs", ".emacs.d/init.el", ".emacs.d/*.el", ".config/emacs/*.el"),
        '(add-to-list \'eglot-server-programs \'(python-mode . ("copilot-lsp" "--stdio")))   in your init.el',
    ),
    _Editor(
        "VS Code",
        ("code", "codium", "code-insiders", "code-server"),
        (".vscode/extensions/extensions.json", ".config/Code/User/settings.json", ".vscode-oss/extensions/*.json"),
        "install the extension copilot-lsp, or let any generic LSP extension start: copilot-lsp --stdio",
    ),
    _Editor(
        "Zed",
        ("zed", "zeditor"),
        (".config/zed/settings.json", "Library/Application Support/Zed/settings.json"),
        '"lsp": {"copilot-lsp": {"binary": {"path": "copilot-lsp", "arguments": ["--stdio"]}}}   in settings.json',
    ),
    _Editor(
        "Kate",
        ("kate",),
        (".config/kate/lspclient/settings.json",),
        '"servers": {"python": {"command": ["copilot-lsp", "--stdio"]}}   in the user settings of the LSP client',
    ),
    _Editor(
        "Sublime Text",
        ("subl", "sublime_text"),
        (".config/sublime-text/Packages/User/LSP.sublime-settings",),
        '"clients": {"copilot-lsp": {"enabled": true, "command": ["copilot-lsp", "--stdio"]}}   '
        "in LSP.sublime-settings",
    ),
    _Editor(
        "IntelliJ",
        ("idea", "idea.sh", "pycharm", "pycharm.sh"),
        (".config/JetBrains/**/LanguageServersSettings.xml",),
        "install the plugin LSP4IJ and add a language server with the command: copilot-lsp --stdio",
    ),
)


def editors(home: Path | None = None) -> Iterator[Advice]:
    """One advice for each editor that is on the PATH, and one for our own command."""
    yield _own_command()
    found = False
    for editor in _EDITORS:
        program = next((path for name in editor.programs if (path := shutil.which(name))), None)
        if program is None:
            continue
        found = True
        mention = _mention(editor, home or Path.home())
        if mention is not None:
            yield Advice("fine", editor.name, f"{program}; it knows copilot-lsp from {mention}.")
        else:
            yield Advice("hint", editor.name, f"{program}; it does not start copilot-lsp yet.", editor.recipe)
    if not found:
        yield Advice("hint", "Editors", "No editor that speaks LSP is on the PATH.")


def _own_command() -> Advice:
    path = shutil.which("copilot-lsp")
    if path is not None:
        return Advice("fine", "Command", f"Editors can start copilot-lsp; it is {path}.")
    folder = Path(sys.executable).parent
    help_with = f"export PATH={folder}{os.pathsep}$PATH" if os.name == "posix" else f"setx PATH {folder};%PATH%"
    return Advice("hint", "Command", "copilot-lsp is not on the PATH, where editors look for it.", help_with)


def _mention(editor: _Editor, home: Path) -> Path | None:
    """The first file of the editor's configuration that names us."""
    for pattern in editor.files:
        try:
            for number, file in enumerate(sorted(home.glob(pattern))):
                if number >= _MOST:
                    break
                if file.is_file() and file.stat().st_size <= _LARGEST:
                    content = file.read_bytes()
                    if any(mention in content for mention in _MENTIONS):
                        return file
        except OSError:
            continue  # a folder or file that may not be read mentions nobody
    return None
