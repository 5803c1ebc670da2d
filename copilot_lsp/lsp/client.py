"""What can this client do? Its capabilities, read once and leniently.

They are read as plain data: turning a client's whole tree of capabilities into LSP's types takes 40 ms, a tenth of the
time to start, and refuses a client for a wrong type in a corner that nobody reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from copilot_lsp.lsp.convert import Encoding

Tree = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Client:
    """The facts that our behaviour depends on. A client that lists no features at all, as a small script does, is
    taken to know the old ones.
    """

    name: str = ""
    version: str = ""
    encoding: Encoding = "utf-16"
    inline: bool = False
    pull_diagnostics: bool = False
    hover: bool = True
    completion: bool = True
    code_actions: bool = True
    lenses: bool = True
    saves: bool = True
    folders: bool = True
    snippets: bool = False
    insert_replace: bool = False
    label_details: bool = False
    markdown_docs: bool = False
    markdown_hover: bool = False
    code_action_literals: bool = False
    resolves_items: frozenset[str] = frozenset()
    resolves_actions: frozenset[str] = frozenset()
    document_changes: bool = False
    apply_edit: bool = False
    progress: bool = False
    configuration: bool = False
    registers_watchers: bool = False
    registers_configuration: bool = False
    refreshes_diagnostics: bool = False
    refreshes_lenses: bool = False
    process: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])


def client_of(params: Tree) -> Client:
    """The facts in InitializeParams."""
    info, capabilities = _tree(params, "clientInfo"), _tree(params, "capabilities")
    text, workspace = _tree(capabilities, "textDocument"), _tree(capabilities, "workspace")
    completion = _tree(text, "completion")
    item, action = _tree(completion, "completionItem"), _tree(text, "codeAction")
    process = params.get("processId")
    return Client(
        name=_text(info, "name"),
        version=_text(info, "version"),
        encoding=encoding_of(_tree(capabilities, "general").get("positionEncodings")),
        inline="inlineCompletion" in text,
        pull_diagnostics="diagnostic" in text,
        hover="hover" in text or not text,
        completion="completion" in text or not text,
        code_actions="codeAction" in text or not text,
        lenses="codeLens" in text or not text,
        saves=_tree(text, "synchronization").get("didSave") is True or not text,
        folders=workspace.get("workspaceFolders") is True or not workspace,
        snippets=item.get("snippetSupport") is True,
        insert_replace=item.get("insertReplaceSupport") is True,
        label_details=item.get("labelDetailsSupport") is True,
        markdown_docs="markdown" in _list(item, "documentationFormat"),
        markdown_hover="markdown" in _list(_tree(text, "hover"), "contentFormat"),
        code_action_literals="codeActionLiteralSupport" in action,
        resolves_items=frozenset(_list(_tree(item, "resolveSupport"), "properties")),
        resolves_actions=frozenset(_list(_tree(action, "resolveSupport"), "properties"))
        if action.get("dataSupport") is True
        else frozenset(),
        document_changes=_tree(workspace, "workspaceEdit").get("documentChanges") is True,
        apply_edit=workspace.get("applyEdit") is True,
        progress=_tree(capabilities, "window").get("workDoneProgress") is True,
        configuration=workspace.get("configuration") is True,
        registers_watchers=_tree(workspace, "didChangeWatchedFiles").get("dynamicRegistration") is True,
        registers_configuration=_tree(workspace, "didChangeConfiguration").get("dynamicRegistration") is True,
        refreshes_diagnostics=_tree(workspace, "diagnostics").get("refreshSupport") is True,
        refreshes_lenses=_tree(workspace, "codeLens").get("refreshSupport") is True,
        process=process if isinstance(process, int) and process > 0 else None,
        options=_tree(params, "initializationOptions"),
    )


def encoding_of(offered: Any) -> Encoding:
    """UTF-16 whenever the client knows it, which every client does that says nothing; else its first that we know.

    Clients that list another first, as Neovim does, count in UTF-16 in plugins whatever was agreed.
    """
    kinds: list[Any] = cast("list[Any]", offered) if isinstance(offered, list) else []
    if not kinds or "utf-16" in kinds:
        return "utf-16"
    for kind in kinds:
        if kind in ("utf-8", "utf-32"):
            return kind
    return "utf-16"


def _tree(parent: Tree, key: str) -> Tree:
    value = parent.get(key)
    return cast("Tree", value) if isinstance(value, dict) else {}


def _list(parent: Tree, key: str) -> list[str]:
    value = parent.get(key)
    return [one for one in cast("list[Any]", value) if isinstance(one, str)] if isinstance(value, list) else []


def _text(parent: Tree, key: str) -> str:
    value = parent.get(key)
    return value[:100] if isinstance(value, str) else ""
