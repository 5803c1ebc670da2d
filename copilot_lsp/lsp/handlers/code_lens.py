"""textDocument/codeLens: where a line of text could stand above the code. The texts come when they are looked at."""

from lsprotocol import types

from copilot_lsp.features.lenses import lenses
from copilot_lsp.lsp.handler import Call, Request


async def run(call: Call[types.CodeLensParams]) -> list[types.CodeLens]:
    if not call.settings.editor.lenses:
        return []
    found = await lenses(call.view)
    uri = call.view.document.uri
    return [types.CodeLens(call.ruler.range(lens.span), data={"uri": uri, **lens.data}) for lens in found]


HANDLER = Request("code_lens", (types.TEXT_DOCUMENT_CODE_LENS,), run, quiet=True)
