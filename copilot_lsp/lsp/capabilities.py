"""What do we offer this client? A pure function of what it can do; the golden files in the tests show it per client."""

from collections.abc import Sequence

from lsprotocol import types

from copilot_lsp.lsp.client import Client

# What a person types that makes a new popup worth asking for, in any language: a member, a path, a call, a directive.
TRIGGERS = [".", ":", ">", "/", "(", "@", "#"]
ACTION_KINDS: list[types.CodeActionKind | str] = [
    types.CodeActionKind.QuickFix,
    types.CodeActionKind.RefactorRewrite,
    "source.explain",
]


def capabilities(client: Client, commands: Sequence[str]) -> types.ServerCapabilities:
    """The server's capabilities for one session; `commands` are the names that executeCommand knows."""
    offered = types.ServerCapabilities(
        position_encoding=types.PositionEncodingKind(client.encoding),
        text_document_sync=types.TextDocumentSyncOptions(
            open_close=True,
            change=types.TextDocumentSyncKind.Incremental,
            save=types.SaveOptions(include_text=False) if client.saves else None,
        ),
        hover_provider=client.hover or None,
        execute_command_provider=types.ExecuteCommandOptions(list(commands), client.progress or None),
    )
    if client.completion:
        resolves = not client.resolves_items.isdisjoint({"documentation", "detail"})
        offered.completion_provider = types.CompletionOptions(TRIGGERS, resolve_provider=resolves)
    if client.inline:
        offered.inline_completion_provider = types.InlineCompletionOptions()
    if client.code_actions:
        kinds = ACTION_KINDS if client.code_action_literals else None
        resolves = "edit" in client.resolves_actions
        offered.code_action_provider = types.CodeActionOptions(kinds, resolve_provider=resolves)
    if client.lenses:
        offered.code_lens_provider = types.CodeLensOptions(resolve_provider=True)
    if client.pull_diagnostics:
        # Each file is judged by itself, so a change of one never asks for the others again.
        offered.diagnostic_provider = types.DiagnosticOptions(
            inter_file_dependencies=False, workspace_diagnostics=False, identifier="copilot-lsp"
        )
    if client.folders:
        folders = types.WorkspaceFoldersServerCapabilities(supported=True, change_notifications=True)
        offered.workspace = types.WorkspaceOptions(workspace_folders=folders)
    return offered
