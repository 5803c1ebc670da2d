"""One file per LSP method; each exports HANDLER, whose contract is in `copilot_lsp.lsp.handler`."""
