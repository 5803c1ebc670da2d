"""textDocument/inlineCompletion: ghost text. One request, one answer: LSP has no partial result here."""

from itertools import zip_longest

from lsprotocol import types

from copilot_lsp.core.fill import Fill
from copilot_lsp.features import feedback
from copilot_lsp.features.inline import inline_completion
from copilot_lsp.lsp.handler import Call, Request
from copilot_lsp.lsp.items import accept


async def run(call: Call[types.InlineCompletionParams]) -> types.InlineCompletionList | None:
    if not call.settings.editor.inline:
        return None
    automatic = call.params.context.trigger_kind is types.InlineCompletionTriggerKind.Automatic
    place = call.ruler.place(call.params.position)
    fills = await inline_completion(call.services.pool, call.view, place, automatic=automatic)
    # Nothing is awaited from here on: what is noted as shown is on its way.
    names = feedback.answered(call.outcomes, call.view, place, fills)
    return types.InlineCompletionList([_item(call, fill, name) for fill, name in zip_longest(fills, names)])


def _item(call: Call[types.InlineCompletionParams], fill: Fill, name: str | None) -> types.InlineCompletionItem:
    command = accept(name) if name else None
    return types.InlineCompletionItem(fill.text, range=call.ruler.range(fill.span), command=command)


HANDLER = Request("inline_completion", (types.TEXT_DOCUMENT_INLINE_COMPLETION,), run, quiet=True, newest=True)
