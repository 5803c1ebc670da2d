"""textDocument/completion: the popup. With a partial result token, what is known at once is shown at once."""

from lsprotocol import types

from copilot_lsp.core.fill import Fill
from copilot_lsp.features import feedback
from copilot_lsp.features.completion import Item, completion
from copilot_lsp.lsp.handler import Call, Request
from copilot_lsp.lsp.items import item_of


async def run(call: Call[types.CompletionParams]) -> types.CompletionList | None:
    if not call.settings.editor.completion:
        return None
    token, place = call.params.partial_result_token, call.ruler.place(call.params.position)
    answer = types.CompletionList(is_incomplete=True, items=[])
    streaming, fills = False, list[Fill]()

    def emit(batch: tuple[Item, ...]) -> None:
        nonlocal streaming
        fills.extend(item.fill for item in batch if item.fill)
        names = feedback.answered(call.outcomes, call.view, place, fills, "popup") if fills else ()
        known = dict(zip(fills, names, strict=False))
        items = [item_of(item, call.ruler, call.session.client, item.fill and known.get(item.fill)) for item in batch]
        if token is None:
            answer.items = [*answer.items, *items]
        elif items:
            # LSP: the first part may say that the list is incomplete, the later ones are items only.
            part = items if streaming else types.CompletionList(is_incomplete=True, items=items)
            call.session.wire.progress(types.ProgressParams(token, part))
            streaming = True

    emit(await completion(call.services.pool, call.view, place, emit))
    return answer


HANDLER = Request("completion", (types.TEXT_DOCUMENT_COMPLETION,), run, quiet=True, newest=True)
