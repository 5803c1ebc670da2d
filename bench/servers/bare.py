"""A pygls server that does nothing: what the library alone costs."""

from pygls.lsp.server import LanguageServer

LanguageServer("bare", "0").start_io()
