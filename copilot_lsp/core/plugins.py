"""The golden list of plugins. Written by `pytest tests/architecture/test_plugins.py --update`; a test checks it."""

from typing import NamedTuple


class Plugin(NamedTuple):
    """A plugin's kind, its name (also its module's), and the LSP methods or commands that it answers."""

    kind: str
    name: str
    methods: tuple[str, ...] = ()


PLUGINS: tuple[Plugin, ...] = (
    Plugin("backend", "ollama", ()),
    Plugin("backend", "openai_compatible", ()),
    Plugin("backend", "scripted", ()),
    Plugin("role", "complete", ()),
    Plugin("role", "diagnose", ()),
    Plugin("role", "document", ()),
    Plugin("role", "explain", ()),
    Plugin("role", "next_edits", ()),
    Plugin("filter", "blank", ()),
    Plugin("filter", "doubled_bracket", ()),
    Plugin("filter", "indentation", ()),
    Plugin("filter", "line_end", ()),
    Plugin("filter", "open_block", ()),
    Plugin("filter", "repeated_lines", ()),
    Plugin("filter", "repeated_start", ()),
    Plugin("filter", "secret", ()),
    Plugin("filter", "special_token", ()),
    Plugin("filter", "syntax", ()),
    Plugin("action", "document", ()),
    Plugin("action", "explain", ()),
    Plugin("action", "fix", ()),
    Plugin("action", "next_edits", ()),
    Plugin("action", "suppress", ()),
    Plugin("rule", "hard_coded_secret", ()),
    Plugin("rule", "merge_conflict", ()),
    Plugin("handler", "code_action", ("textDocument/codeAction",)),
    Plugin("handler", "code_action_resolve", ("codeAction/resolve",)),
    Plugin("handler", "code_lens", ("textDocument/codeLens",)),
    Plugin("handler", "code_lens_resolve", ("codeLens/resolve",)),
    Plugin("handler", "completion", ("textDocument/completion",)),
    Plugin("handler", "completion_resolve", ("completionItem/resolve",)),
    Plugin("handler", "diagnostic", ("textDocument/diagnostic",)),
    Plugin("handler", "did_change", ("textDocument/didChange",)),
    Plugin("handler", "did_change_configuration", ("workspace/didChangeConfiguration",)),
    Plugin("handler", "did_change_watched_files", ("workspace/didChangeWatchedFiles",)),
    Plugin("handler", "did_change_workspace_folders", ("workspace/didChangeWorkspaceFolders",)),
    Plugin("handler", "did_close", ("textDocument/didClose",)),
    Plugin("handler", "did_open", ("textDocument/didOpen",)),
    Plugin("handler", "did_save", ("textDocument/didSave",)),
    Plugin("handler", "execute_command", ("workspace/executeCommand",)),
    Plugin("handler", "hover", ("textDocument/hover",)),
    Plugin("handler", "inline_completion", ("textDocument/inlineCompletion",)),
    Plugin("handler", "set_trace", ("$/setTrace",)),
)
