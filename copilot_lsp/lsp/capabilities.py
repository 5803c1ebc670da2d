"""What do we offer this client? A pure function of what it can do; the golden files in the tests show it per client."""

from collections.abc import Sequence

from lsprotocol import types

from copilot_lsp.lsp.client import Client

# What a person types that makes a new popup worth asking for, in any language: a member, a path, a call, a directive.
TRIGGERS = [".", ":", ">", "/", "(", "@", "#"]
ACTION_KINDS: list[types.CodeActionKind | str] = [
    types.CodeActionKind.QuickFix,
    types.CodeActionKind.RefactorRewrite,
    types.CodeActionKind.Source,
]


def capabilities(client: Client, commands: Sequence[str]) -> types.ServerCapabilities:
    """The server's capabilities for one session; `commands` are the names that executeCommand knows."""
    return types.ServerCapabilities(
        position_encoding=types.PositionEncodingKind(client.encoding),
        text_document_sync=types.TextDocumentSyncOptions(
            open_close=True,
            change=types.TextDocumentSyncKind.Incremental,
            save=types.SaveOptions(include_text=False),
        ),
        completion_provider=types.CompletionOptions(
            trigger_characters=TRIGGERS,
            resolve_provider="documentation" in client.resolves_items or "detail" in client.resolves_items,
        ),
        inline_completion_provider=types.InlineCompletionOptions() if client.inline else None,
        hover_provider=True,
        code_action_provider=types.CodeActionOptions(
            code_action_kinds=ACTION_KINDS, resolve_provider="edit" in client.resolves_actions
        ),
        code_lens_provider=types.CodeLensOptions(resolve_provider=True),
        # Each file is judged by itself, so a change of one never asks for the others again.
        diagnostic_provider=types.DiagnosticOptions(
            inter_file_dependencies=False, workspace_diagnostics=False, identifier="copilot-lsp"
        )
        if client.pull_diagnostics
        else None,
        execute_command_provider=types.ExecuteCommandOptions(commands=list(commands), work_done_progress=True),
        workspace=types.WorkspaceOptions(
            workspace_folders=types.WorkspaceFoldersServerCapabilities(supported=True, change_notifications=True)
        ),
    )
