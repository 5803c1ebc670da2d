"""The editor's side: everything that knows LSP, and nothing that knows how code is understood."""
