"""A pygls server that keeps the documents and answers every inline completion at once with the same text."""

from lsprotocol import types
from pygls.lsp.server import LanguageServer

server = LanguageServer("constant", "0", text_document_sync_kind=types.TextDocumentSyncKind.Incremental)


@server.feature(types.TEXT_DOCUMENT_INLINE_COMPLETION, types.InlineCompletionOptions())
def inline_completion(params: types.InlineCompletionParams) -> types.InlineCompletionList:
    return types.InlineCompletionList([types.InlineCompletionItem("constant", range=None)])


server.start_io()
