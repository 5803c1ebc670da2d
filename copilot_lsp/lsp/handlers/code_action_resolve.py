"""codeAction/resolve: the edits of the action that was chosen."""

from lsprotocol import types

from copilot_lsp.core.errors import Superseded
from copilot_lsp.features.code_actions import resolve_action
from copilot_lsp.lsp.handler import Call, Request


async def run(call: Call[types.CodeAction]) -> types.CodeAction:
    action = call.params
    if call.data.get("version") != call.view.document.version:
        raise Superseded("the document was changed after the action was offered")
    edits = await resolve_action(call.services.pool, call.view, call.data)
    action.edit = call.ruler.workspace_edit(edits, versioned=call.session.client.document_changes)
    return action


HANDLER = Request("code_action_resolve", (types.CODE_ACTION_RESOLVE,), run, seconds=90.0)
