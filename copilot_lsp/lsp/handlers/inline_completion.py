"""textDocument/inlineCompletion: ghost text. One request, one answer: LSP has no partial result here."""

from lsprotocol import types

from copilot_lsp.features.inline import inline_completion
from copilot_lsp.lsp.handler import Call, Request


async def run(call: Call[types.InlineCompletionParams]) -> types.InlineCompletionList | None:
    if not call.settings.editor.inline:
        return None
    automatic = call.params.context.trigger_kind is types.InlineCompletionTriggerKind.Automatic
    place = call.ruler.place(call.params.position)
    fills = await inline_completion(call.services.pool, call.view, place, automatic=automatic)
    return types.InlineCompletionList(
        [types.InlineCompletionItem(fill.text, range=call.ruler.range(fill.span)) for fill in fills]
    )


HANDLER = Request("inline_completion", (types.TEXT_DOCUMENT_INLINE_COMPLETION,), run, quiet=True, newest=True)
