"""codeLens/resolve: the text of one lens."""

from lsprotocol import types

from copilot_lsp.features.lenses import resolve_lens
from copilot_lsp.lsp.handler import Call, Request


async def run(call: Call[types.CodeLens]) -> types.CodeLens:
    lens = call.params
    title = await resolve_lens(call.view, call.data)
    # A command without a name is LSP's way to show a text that cannot be clicked.
    lens.command = types.Command(title, "")
    return lens


HANDLER = Request("code_lens_resolve", (types.CODE_LENS_RESOLVE,), run)
