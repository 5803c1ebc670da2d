"""textDocument/hover: what the name under the pointer is."""

from lsprotocol import types

from copilot_lsp.features.hover import hover
from copilot_lsp.lsp.convert import markup
from copilot_lsp.lsp.handler import Call, Request


async def run(call: Call[types.HoverParams]) -> types.Hover | None:
    if not call.settings.editor.hover:
        return None
    found = await hover(call.services.pool, call.view, call.ruler.place(call.params.position))
    if found is None:
        return None
    text = markup(found.markdown, markdown=call.session.client.markdown_hover)
    return types.Hover(text, call.ruler.range(found.span))


HANDLER = Request("hover", (types.TEXT_DOCUMENT_HOVER,), run, quiet=True, newest=True)
