"""textDocument/codeAction: what can be done here. Edits that take time are worked out when one is chosen."""

from lsprotocol import types

from copilot_lsp.features.action import CodeAction
from copilot_lsp.features.code_actions import code_actions
from copilot_lsp.lsp.diagnostics import diagnostics_of
from copilot_lsp.lsp.handler import Call, Request

Params = types.CodeActionParams


async def run(call: Call[Params]) -> list[types.Command | types.CodeAction]:
    only = [str(getattr(kind, "value", kind)) for kind in call.params.context.only or ()]
    span = call.ruler.span(call.params.range)
    found = await code_actions(call.services.pool, call.view, span, only)
    client = call.session.client
    if not client.code_action_literals:
        return [command for action in found if (command := _command(call, action))]
    return [made for action in found if (made := _action(call, action))]


def _action(call: Call[Params], action: CodeAction) -> types.CodeAction | None:
    client, document = call.session.client, call.view.document
    made = types.CodeAction(
        title=action.title,
        kind=action.kind,
        diagnostics=diagnostics_of(action.findings, call.ruler) or None,
        is_preferred=action.preferred or None,
    )
    if action.edits is not None:
        made.edit = call.ruler.workspace_edit(action.edits, versioned=client.document_changes)
    elif action.data and "edit" in client.resolves_actions:
        made.data = {"uri": document.uri, "version": document.version, **action.data}
    else:
        made.command = _command(call, action)
    return made if made.edit or made.data or made.command else None


def _command(call: Call[Params], action: CodeAction) -> types.Command | None:
    if not action.command or action.position is None:
        return None
    place = call.ruler.position(action.position)
    argument = {
        "textDocument": {"uri": call.view.document.uri},
        "position": {"line": place.line, "character": place.character},
    }
    return types.Command(action.title, action.command, arguments=[argument])


HANDLER = Request("code_action", (types.TEXT_DOCUMENT_CODE_ACTION,), run, seconds=20.0, quiet=True)
