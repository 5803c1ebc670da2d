"""completionItem/resolve: more about the entry that the user looks at."""

from lsprotocol import types

from copilot_lsp.features.completion import resolve_item
from copilot_lsp.lsp.convert import markup
from copilot_lsp.lsp.handler import Call, Request


async def run(call: Call[types.CompletionItem]) -> types.CompletionItem:
    item = call.params
    data = {key: value for key, value in call.data.items() if isinstance(value, str)}
    found = await resolve_item(call.view, data)
    if found is not None:
        item.detail = found.detail or item.detail
        item.documentation = markup(found.markdown, markdown=call.session.client.markdown_docs)
    return item


HANDLER = Request("completion_resolve", (types.COMPLETION_ITEM_RESOLVE,), run)
